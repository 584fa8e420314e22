package io.asyncbatcher.spring.boot.remote;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatcherClient;
import io.asyncbatcher.spring.RemoteBatcher;
import io.asyncbatcher.spring.boot.introspect.BeanTypes;
import io.asyncbatcher.spring.boot.settings.BatcherConfigurationException;
import io.asyncbatcher.spring.boot.settings.BatcherNames;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Executable;
import java.lang.reflect.Parameter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.core.Ordered;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Registers a client bean for every batcher of another application that is injected somewhere and declared nowhere. The batcher's
 * name is that of the parameter or field, or its qualifier; the types of items and results are those of the injected client.
 * A target has precedence over a method of the application that is a batcher of the same name. Only the classes of beans are looked
 * at, and only where there is a target for which no bean is declared.
 */
final class InjectionPoints implements BeanFactoryPostProcessor, Ordered {

    private static final String CLIENT_OF = InjectionPoints.class.getName() + ".clientOf";

    private final Environment environment;

    InjectionPoints(Environment environment) {
        this.environment = environment;
    }

    /** Before the clients of methods: where there is a target, the method of that name is for others. */
    @Override
    public int getOrder() {
        return -1;
    }

    /** Whether a definition is one that was registered here. */
    static boolean isClient(BeanDefinition definition) {
        return definition.hasAttribute(CLIENT_OF);
    }

    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
        Map<String, String> wanted = new LinkedHashMap<>();
        RemoteProperties.names(environment).stream()
                .filter(name -> !isThere(name, beanFactory))
                .forEach(name -> wanted.put(BatcherNames.key(name), name));
        if (wanted.isEmpty()) {
            return;
        }
        Map<String, ResolvableType> found = new LinkedHashMap<>();
        BeanTypes.forEach(
                beanFactory,
                (beanName, type) -> points(ClassUtils.getUserClass(type.toClass()), type)
                        .forEach(point -> {
                            String name = wanted.get(BatcherNames.key(point.name()));
                            if (name != null) {
                                add(name, point, found);
                            }
                        }));
        found.forEach((name, client) -> register(name, client, (BeanDefinitionRegistry) beanFactory));
    }

    /** A declared one has the name that its bean has, as far as that can be known before it is made. */
    private static boolean isThere(String name, ConfigurableListableBeanFactory beanFactory) {
        return Arrays.stream(beanFactory.getBeanNamesForType(RemoteBatcher.class, true, false))
                        .anyMatch(bean -> BatcherNames.areSame(bean, name))
                || beanFactory.containsBean(clientId(name));
    }

    private static String clientId(String name) {
        return name + "BatcherClient";
    }

    private static void add(String name, Point point, Map<String, ResolvableType> found) {
        ResolvableType client = point.type();
        if (client.getGeneric(0).resolve() == null || client.getGeneric(1).resolve() == null) {
            throw new BatcherConfigurationException(
                    point.where() + " wants the batcher '" + name
                            + "' of another application, but doesn't say the types" + " of its items and results.",
                    "Write them, as in BatcherClient<Sku, Price>.");
        }
        ResolvableType other = found.putIfAbsent(name, client);
        if (other != null && !other.toString().equals(client.toString())) {
            throw new BatcherConfigurationException(
                    point.where() + " wants the batcher '" + name + "' of another application as " + client
                            + ", and somebody else as " + other + ".",
                    "Use the same types everywhere, or declare a RemoteBatcher bean.");
        }
    }

    private static void register(String name, ResolvableType client, BeanDefinitionRegistry registry) {
        ParameterizedTypeReference<Object> item =
                ParameterizedTypeReference.forType(client.getGeneric(0).getType());
        ParameterizedTypeReference<Object> result =
                ParameterizedTypeReference.forType(client.getGeneric(1).getType());
        RootBeanDefinition definition = new RootBeanDefinition();
        definition.setTargetType(
                ResolvableType.forClassWithGenerics(RemoteBatcher.class, client.getGeneric(0), client.getGeneric(1)));
        definition.setInstanceSupplier(() -> RemoteBatcher.of(BatcherNames.parameter(name), item, result));
        definition.setAttribute(CLIENT_OF, name);
        definition.setResourceDescription("batcher.instances." + name + ".remote.target");
        String id = clientId(name);
        registry.registerBeanDefinition(id, definition);
        BatcherNames.spellings(name).stream()
                .filter(alias -> !registry.isBeanNameInUse(alias))
                .forEach(alias -> registry.registerAlias(id, alias));
    }

    /**
     * Where a client is injected.
     *
     * @param name of the parameter or field, or its qualifier
     */
    private record Point(String name, ResolvableType type, String where) {}

    private static Stream<Point> points(Class<?> type, ResolvableType bean) {
        Stream.Builder<Point> points = Stream.builder();
        ReflectionUtils.doWithFields(
                type,
                field -> add(points, field, field.getName(), ResolvableType.forField(field, bean), field.toString()),
                field -> isClient(field.getType()));
        List<Executable> executables = Stream.<Executable>concat(
                        Arrays.stream(type.getDeclaredConstructors()),
                        Arrays.stream(ReflectionUtils.getUniqueDeclaredMethods(type)))
                .toList();
        for (Executable executable : executables) {
            Parameter[] parameters = executable.getParameters();
            for (int i = 0; i < parameters.length; i++) {
                if (isClient(parameters[i].getType())) {
                    add(
                            points,
                            parameters[i],
                            parameters[i].getName(),
                            ResolvableType.forType(parameters[i].getParameterizedType(), bean),
                            executable.toString());
                }
            }
        }
        return points.build();
    }

    private static void add(
            Stream.Builder<Point> points, AnnotatedElement at, String name, ResolvableType type, String where) {
        Qualifier qualifier = AnnotatedElementUtils.findMergedAnnotation(at, Qualifier.class);
        String called = qualifier == null || qualifier.value().isEmpty() ? name : qualifier.value();
        points.add(new Point(withoutEnding(called), type.as(BatcherClient.class), where));
    }

    private static boolean isClient(@Nullable Class<?> type) {
        return type == BatcherClient.class || type == AsyncBatcher.class || type == RemoteBatcher.class;
    }

    private static String withoutEnding(String name) {
        return name.endsWith("BatcherClient") ? name.substring(0, name.length() - "BatcherClient".length()) : name;
    }
}
