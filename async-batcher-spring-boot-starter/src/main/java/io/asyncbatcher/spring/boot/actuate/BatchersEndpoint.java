package io.asyncbatcher.spring.boot.actuate;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.spring.boot.lifecycle.Attachments;
import io.asyncbatcher.spring.boot.lifecycle.Batchers;
import io.asyncbatcher.spring.boot.methods.Wirings;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/**
 * Shows what each batcher is set to and doing now, and, where the operator lets it, changes that. What it answers holds no
 * item and no message of a failure.
 */
@Endpoint(id = BatchersEndpoint.ID, defaultAccess = Access.READ_ONLY)
final class BatchersEndpoint implements AopInfrastructureBean {

    static final String ID = "batchers";

    private static final Log log = LogFactory.getLog(BatchersEndpoint.class);

    /** What can be done to a batcher, by the last part of the path. */
    private static final Map<String, Consumer<AsyncBatcher<?, ?>>> OPERATIONS = new TreeMap<>(
            Map.of("flush", AsyncBatcher::flush, "pause", AsyncBatcher::pause, "resume", AsyncBatcher::resume));

    private final Batchers batchers;
    private final Attachments<BatchRecord> records;
    private final Wirings wirings;
    private final Retunes retunes;

    BatchersEndpoint(Batchers batchers, Attachments<BatchRecord> records, Wirings wirings, Retunes retunes) {
        this.batchers = batchers;
        this.records = records;
        this.wirings = wirings;
        this.retunes = retunes;
    }

    @ReadOperation
    public BatchersDescriptor batchers() {
        Map<String, BatcherDescriptor> descriptors = new LinkedHashMap<>();
        batchers.all().forEach(batcher -> descriptors.put(batcher.name(), describe(batcher)));
        return new BatchersDescriptor(descriptors);
    }

    /** One batcher, or the rejection of a name that there is not. */
    @ReadOperation
    public Object batcher(@Selector String batcher) {
        AsyncBatcher<?, ?> named = batchers.named(batcher);
        return named == null ? unknown(batcher) : describe(named);
    }

    /**
     * Changes options, all or none, and shows the batcher.
     *
     * @param options the texts of the values by the options' names, from the {@link RetuneArguments}
     */
    @WriteOperation
    public WebEndpointResponse<Object> retune(@Selector String batcher, Map<String, @Nullable String> options) {
        return write(batcher, named -> retunes.retune(named, options));
    }

    /** Puts the configured values of all options back, and shows the batcher. */
    @DeleteOperation
    public WebEndpointResponse<Object> reset(@Selector String batcher) {
        return write(batcher, retunes::reset);
    }

    /** Flushes, pauses or resumes, and shows the batcher. */
    @WriteOperation
    public WebEndpointResponse<Object> operate(@Selector String batcher, @Selector String operation) {
        Consumer<AsyncBatcher<?, ?>> known = OPERATIONS.get(operation);
        return known == null
                ? rejection(
                        WebEndpointResponse.STATUS_NOT_FOUND,
                        "There is no operation '" + operation + "'; there are: "
                                + String.join(", ", OPERATIONS.keySet()))
                : write(batcher, named -> {
                    known.accept(named);
                    return operation;
                });
    }

    /**
     * Changes a batcher.
     *
     * @param change says what it has done
     */
    private WebEndpointResponse<Object> write(String name, Function<AsyncBatcher<?, ?>, String> change) {
        AsyncBatcher<?, ?> batcher = batchers.named(name);
        if (batcher == null) {
            return unknown(name);
        }
        String what;
        try {
            what = change.apply(batcher);
        } catch (IllegalArgumentException e) {
            return rejection(WebEndpointResponse.STATUS_BAD_REQUEST, String.valueOf(e.getMessage()));
        }
        log.info("By the endpoint, batcher '" + name + "': " + what);
        return new WebEndpointResponse<>(describe(batcher));
    }

    private WebEndpointResponse<Object> unknown(String name) {
        String known = batchers.all().stream().map(AsyncBatcher::name).collect(Collectors.joining(", "));
        return rejection(
                WebEndpointResponse.STATUS_NOT_FOUND,
                "There is no batcher '" + name + "'" + (known.isEmpty() ? "" : "; there are: " + known));
    }

    private static WebEndpointResponse<Object> rejection(int status, String reason) {
        return new WebEndpointResponse<>(Map.of("error", reason), status);
    }

    private BatcherDescriptor describe(AsyncBatcher<?, ?> batcher) {
        return BatcherDescriptor.of(
                batcher, wirings.of(batcher), retunes.origins(batcher), BatchRecord.of(batcher, records));
    }

    /** All batchers by name. */
    record BatchersDescriptor(Map<String, BatcherDescriptor> batchers) {}
}
