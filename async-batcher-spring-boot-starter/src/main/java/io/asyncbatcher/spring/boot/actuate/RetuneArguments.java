package io.asyncbatcher.spring.boot.actuate;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.InvocationContext;
import org.springframework.boot.actuate.endpoint.OperationType;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.invoke.OperationInvoker;
import org.springframework.boot.actuate.endpoint.invoke.OperationInvokerAdvisor;
import org.springframework.boot.actuate.endpoint.invoke.OperationParameters;

/**
 * Hands the whole body of a request to {@link BatchersEndpoint#retune}. Actuator binds the keys of a body to parameters of
 * these names and passes over the rest in silence: a misspelt option would look as if it had been set, and null could not
 * be told from nothing.
 */
final class RetuneArguments implements OperationInvokerAdvisor, AopInfrastructureBean {

    private static final String BATCHER = "batcher";
    private static final String OPTIONS = "options";

    @Override
    public OperationInvoker apply(
            EndpointId endpoint, OperationType type, OperationParameters parameters, OperationInvoker invoker) {
        boolean retune = endpoint.equals(EndpointId.of(BatchersEndpoint.ID))
                && parameters.stream().anyMatch(parameter -> parameter.getName().equals(OPTIONS));
        return retune ? context -> invoker.invoke(gathered(context)) : invoker;
    }

    private static InvocationContext gathered(InvocationContext context) {
        Map<String, @Nullable Object> given = new LinkedHashMap<>(context.getArguments());
        Map<String, @Nullable Object> arguments = new LinkedHashMap<>();
        arguments.put(BATCHER, given.remove(BATCHER));
        // JMX, which has no body, has the map as it is.
        Map<?, ?> options = given.get(OPTIONS) instanceof Map<?, ?> map ? map : given;
        Map<String, @Nullable String> texts = new LinkedHashMap<>();
        options.forEach((name, value) -> texts.put(String.valueOf(name), value == null ? null : value.toString()));
        arguments.put(OPTIONS, texts);
        // Nobody's name and no namespace: the operation asks for neither.
        return new InvocationContext(SecurityContext.NONE, arguments);
    }
}
