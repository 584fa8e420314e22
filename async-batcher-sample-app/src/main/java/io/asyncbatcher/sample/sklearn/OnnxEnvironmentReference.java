package io.asyncbatcher.sample.sklearn;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtLoggingLevel;
import java.lang.reflect.Field;
import java.lang.reflect.Method;

/**
 * Keeps ONNX Runtime's environment until the model is closed. ONNX Runtime itself gives it up in a shutdown hook, which
 * runs beside Spring's: while batches drain, and a call without the environment ends the JVM with a crash. The environment
 * counts who holds it, but nothing public lets one hold it.
 */
final class OnnxEnvironmentReference implements AutoCloseable {

    private final long api;
    private final long handle;

    OnnxEnvironmentReference() {
        // Loads the natives.
        OrtEnvironment.getEnvironment();
        try {
            Field apiHandle = Class.forName("ai.onnxruntime.OnnxRuntime").getDeclaredField("ortApiHandle");
            apiHandle.setAccessible(true);
            api = apiHandle.getLong(null);
            handle = (long) method("createHandle", long.class, int.class, String.class)
                    .invoke(null, api, OrtLoggingLevel.ORT_LOGGING_LEVEL_WARNING.getValue(), "hold");
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("This version of ONNX Runtime keeps its environment in another way", e);
        }
    }

    @Override
    public void close() {
        try {
            method("close", long.class, long.class).invoke(null, api, handle);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("ONNX Runtime's environment could not be released", e);
        }
    }

    private static Method method(String name, Class<?>... parameters) throws NoSuchMethodException {
        Method method = OrtEnvironment.class.getDeclaredMethod(name, parameters);
        method.setAccessible(true);
        return method;
    }
}
