package io.asyncbatcher.sample.live;

import jakarta.validation.Valid;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** What the live page asks for; batchers it retunes through Actuator. */
@RestController
@RequestMapping("/api/live")
class LiveController {

    private final LiveRuns runs;

    LiveController(LiveRuns runs) {
        this.runs = runs;
    }

    @GetMapping("/workloads")
    List<WorkloadDescriptor> workloads() {
        return runs.workloads().stream().map(WorkloadDescriptor::of).toList();
    }

    @GetMapping(path = "/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    SseEmitter events() {
        return runs.watch();
    }

    @PostMapping("/runs")
    @ResponseStatus(HttpStatus.CREATED)
    Frame.Run start(@Valid @RequestBody NewRun load) {
        return runs.start(load);
    }

    @DeleteMapping("/runs/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void stop(@PathVariable long id) {
        runs.stop(id);
    }

    /** A workload as the page shows it. */
    record WorkloadDescriptor(String name, String title, String batcher, String unbatchedLimit) {

        static WorkloadDescriptor of(Workload workload) {
            return new WorkloadDescriptor(
                    workload.name(), workload.title(), workload.batcher(), workload.unbatchedLimit());
        }
    }
}
