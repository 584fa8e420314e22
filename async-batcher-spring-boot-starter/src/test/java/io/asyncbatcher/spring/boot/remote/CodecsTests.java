package io.asyncbatcher.spring.boot.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.protobuf.StringValue;
import io.asyncbatcher.grpc.Codec;
import io.asyncbatcher.spring.boot.settings.BatcherConfigurationException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.core.ResolvableType;

/** Which codec a type has. */
class CodecsTests {

    private final DefaultListableBeanFactory beans = new DefaultListableBeanFactory();

    record Sku(String id, int amount) {}

    /** Numbers in base 36. */
    private static final class Base36 implements Codec<Integer> {

        @Override
        public String name() {
            return "base36";
        }

        @Override
        public byte[] encode(Integer value) {
            return Integer.toString(value, 36).getBytes(StandardCharsets.US_ASCII);
        }

        @Override
        public Integer decode(byte[] bytes) {
            return Integer.valueOf(new String(bytes, StandardCharsets.US_ASCII), 36);
        }
    }

    @Test
    void anyOtherTypeIsJsonOfItsDeclaredType() throws Exception {
        Codec<Sku> codec = new Codecs(beans).of(Sku.class, "prices");

        assertThat(codec.name()).isEqualTo("json");
        byte[] json = codec.encode(new Sku("a", 3));
        assertThat(new String(json, StandardCharsets.UTF_8)).isEqualTo("{\"id\":\"a\",\"amount\":3}");
        assertThat(codec.decode(json)).isEqualTo(new Sku("a", 3));
    }

    @Test
    void genericTypesKeepTheirArguments() throws Exception {
        Codec<List<Sku>> codec = new Codecs(beans)
                .of(ResolvableType.forClassWithGenerics(List.class, Sku.class).getType(), "prices");

        assertThat(codec.decode(codec.encode(List.of(new Sku("a", 3))))).containsExactly(new Sku("a", 3));
    }

    @Test
    void messagesOfProtobufAreThemselves() throws Exception {
        Codec<StringValue> codec = new Codecs(beans).of(StringValue.class, "prices");

        assertThat(codec.name()).isEqualTo("protobuf");
        assertThat(codec.encode(StringValue.of("a")))
                .isEqualTo(StringValue.of("a").toByteArray());
        assertThat(codec.decode(StringValue.of("b").toByteArray())).isEqualTo(StringValue.of("b"));
    }

    @Test
    void aBeanReplacesBothForItsTypeOnly() {
        RootBeanDefinition definition = new RootBeanDefinition(Base36.class, Base36::new);
        beans.registerBeanDefinition("base36", definition);

        assertThat(new Codecs(beans).of(Integer.class, "prices").name()).isEqualTo("base36");
        assertThat(new Codecs(beans).of(Long.class, "prices").name()).isEqualTo("json");
    }

    @Test
    void withoutJacksonThereIsNoneForTheRest() {
        beans.setBeanClassLoader(new FilteredClassLoader("tools.jackson", "com.fasterxml.jackson"));

        assertThatThrownBy(() -> new Codecs(beans).of(Sku.class, "prices"))
                .isInstanceOf(BatcherConfigurationException.class)
                .hasMessageContaining("no Jackson");
    }

    @Test
    void theOlderJacksonServesWhereTheNewerIsMissing() throws Exception {
        beans.setBeanClassLoader(new FilteredClassLoader("tools.jackson"));
        Codec<Sku> codec = new Codecs(beans).of(Sku.class, "prices");

        assertThat(codec.decode(codec.encode(new Sku("a", 3)))).isEqualTo(new Sku("a", 3));
    }

    @Test
    void ofBothJacksonsTheOneWithAMapperServesAndIsLookedUpOnce() throws Exception {
        AtomicInteger made = new AtomicInteger();
        RootBeanDefinition definition = new RootBeanDefinition(ObjectMapper.class, () -> {
            made.incrementAndGet();
            return JsonMapper.builder()
                    .propertyNamingStrategy(PropertyNamingStrategies.UPPER_CAMEL_CASE)
                    .build();
        });
        definition.setScope(BeanDefinition.SCOPE_PROTOTYPE);
        beans.registerBeanDefinition("mapper", definition);

        Codec<Sku> codec = new Codecs(beans).of(Sku.class, "prices");

        assertThat(codec.encode(new Sku("a", 3)))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("{\"Id\":\"a\",\"Amount\":3}");
        assertThat(made).hasValue(1);
    }
}
