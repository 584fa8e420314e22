package io.asyncbatcher.spring.boot.signature;

import io.asyncbatcher.spring.boot.introspect.MethodMessages;
import io.asyncbatcher.spring.boot.settings.BatcherConfigurationException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;

/**
 * By what results in any order are matched with the items.
 *
 * @param ofResult a property of the result
 * @param ofItem the property of the item that equals it; null = the item itself does
 */
record ResultKey(KeyProperty ofResult, @Nullable KeyProperty ofItem) {

    /**
     * Reads what an annotation says.
     *
     * @param resultKey the name of the result's property
     * @param itemKey the name of the item's; null = the item itself
     * @throws BatcherConfigurationException if there is no such property, or none of one could equal one of the other
     */
    static ResultKey of(
            Method method, String resultKey, @Nullable String itemKey, ResolvableType item, ResolvableType result) {
        KeyProperty ofResult = find(method, "resultKey", resultKey, result);
        KeyProperty ofItem = itemKey == null ? null : find(method, "itemKey", itemKey, item);
        ResolvableType wanted = ofItem == null ? item : ofItem.type();
        if (!ofResult.mayEqual(wanted)) {
            throw MethodMessages.notBatched(
                    method,
                    "its resultKey '" + resultKey + "' is of type " + ofResult.type() + ", and its "
                            + (itemKey == null ? "items" : "itemKey '" + itemKey + "'") + " of type " + wanted
                            + ", so that none would equal the other",
                    "Let resultKey of @Batched on " + MethodMessages.describe(method) + " name a property of type "
                            + wanted + "; " + result + " has: " + KeyProperty.describe(KeyProperty.of(result))
                            + ". Or name the item's property that equals it by itemKey");
        }
        return new ResultKey(ofResult, ofItem);
    }

    private static KeyProperty find(Method method, String attribute, String name, ResolvableType owner) {
        Map<String, KeyProperty> properties = KeyProperty.of(owner);
        KeyProperty property = properties.get(name);
        if (property == null) {
            throw MethodMessages.notBatched(
                    method,
                    "its " + attribute + " '" + name + "' is no property of " + owner,
                    "Let " + attribute + " of @Batched on " + MethodMessages.describe(method)
                            + " name a record component, a getter, a public method without parameters or a public field"
                            + " of " + owner + "; it has: " + KeyProperty.describe(properties));
        }
        return property.accessible();
    }

    /** What the results of these items are known by, in the items' order. */
    List<@Nullable Object> keysOf(List<Object> items) {
        if (ofItem == null) {
            return new ArrayList<>(items);
        }
        List<@Nullable Object> keys = new ArrayList<>(items.size());
        for (Object item : items) {
            keys.add(ofItem.read(item));
        }
        return keys;
    }

    /** What a result is known by. */
    @Nullable
    Object keyOf(Object result) {
        return ofResult.read(result);
    }
}
