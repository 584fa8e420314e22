package io.asyncbatcher.benchmarks.scenarios;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedMethod;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordingFile;

/** Reads off a flight recording in which methods the processor's time was spent. */
final class MethodProfile {

    private static final int METHODS = 12;

    private MethodProfile() {}

    /** Percent of the samples after the warm-up by the method on top, the largest ones. */
    static Map<String, Double> shares(Path recording, Duration warmUp) throws IOException {
        List<RecordedEvent> taken = RecordingFile.readAllEvents(recording).stream()
                .filter(event -> event.getEventType().getName().equals("jdk.ExecutionSample"))
                .sorted(Comparator.comparing(RecordedEvent::getStartTime))
                .toList();
        Map<String, Integer> samples = new HashMap<>();
        int all = 0;
        for (RecordedEvent event : taken) {
            if (event.getStartTime().isAfter(taken.get(0).getStartTime().plus(warmUp))) {
                samples.merge(top(event), 1, Integer::sum);
                all++;
            }
        }
        Map<String, Double> shares = new TreeMap<>();
        List<Map.Entry<String, Integer>> largest = samples.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .limit(METHODS)
                .toList();
        for (Map.Entry<String, Integer> entry : largest) {
            shares.put("percent " + entry.getKey(), 100.0 * entry.getValue() / all);
        }
        return shares;
    }

    private static String top(RecordedEvent event) {
        RecordedStackTrace trace = event.getStackTrace();
        if (trace == null || trace.getFrames().isEmpty()) {
            return "unknown";
        }
        RecordedFrame frame = trace.getFrames().get(0);
        RecordedMethod method = frame.getMethod();
        String type = method.getType().getName();
        return type.substring(type.lastIndexOf('.') + 1) + "." + method.getName();
    }
}
