package io.syncline.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What may stand in a body that is written: members with their types, which of them must be there and which may be null. What is wrong is said per member,
 * by its path; members that are not documented are wrong, too, unless they are to be passed over.
 */
final class Shape {
    private static final Map<String, Predicate<JsonNode>> SCALARS = Map.of(
            "text", JsonNode::isTextual,
            "flag", JsonNode::isBoolean,
            "decimal", JsonNode::isNumber,
            "int32", value -> value.isIntegralNumber() && value.canConvertToInt(),
            "int64", value -> value.isIntegralNumber() && value.canConvertToLong(),
            "guid", value -> value.isTextual() && value.asText().matches("(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"));

    private final Map<String, Member> members = new LinkedHashMap<>();

    /**
     * One member of a body.
     *
     * @param type   a scalar's name, words that may stand there, e.g. {@code Image|Video}, or null where there is a shape
     * @param many   a list of such
     */
    record Member(String type, Shape shape, boolean many, boolean required, boolean nullable) {
    }

    Map<String, Member> members() {
        return members;
    }

    /** @param text of scalars, e.g. {@code name!:text position?:int32 tags?:[text]}: {@code !} must be there, {@code ?} may be null */
    static Shape of(String text) {
        Shape shape = new Shape();
        for (String word : text.trim().split("\\s+")) {
            int colon = word.indexOf(':');
            char mark = word.charAt(colon - 1);
            boolean many = word.charAt(colon + 1) == '[';
            String type = many ? word.substring(colon + 2, word.length() - 1) : word.substring(colon + 1);
            shape.members.put(word.substring(0, colon - 1), new Member(type, null, many, mark == '!', mark == '?'));
        }
        return shape;
    }

    /** With one more member that may be null: an object of this shape. */
    Shape with(String name, Shape one) {
        return and(name, new Member(null, one, false, false, true));
    }

    /** With one more member that may be null: a list of objects of this shape. */
    Shape withMany(String name, Shape each) {
        return and(name, new Member(null, each, true, false, true));
    }

    Shape and(String name, Member member) {
        Shape more = new Shape();
        more.members.putAll(members);
        more.members.put(name, member);
        return more;
    }

    /** The same members, all of which must be there or none, and of which only these may be null. */
    Shape where(boolean allRequired, Set<String> nullable) {
        Shape other = new Shape();
        members.forEach((name, member) -> other.members.put(name,
                new Member(member.type(), member.shape(), member.many(), allRequired && !nullable.contains(name), nullable.contains(name))));
        return other;
    }

    /** @param unknownToo members that are not documented are wrong */
    void check(ObjectNode body, String at, boolean unknownToo, Map<String, String> wrong) {
        members.forEach((name, member) -> {
            if (member.required() && !body.has(name)) {
                wrong.put(at + name, "The " + at + name + " field is required.");
            }
        });
        body.properties().forEach(entry -> {
            Member member = members.get(entry.getKey());
            String path = at + entry.getKey();
            if (member != null) {
                check(entry.getValue(), member, path, unknownToo, wrong);
            } else if (unknownToo) {
                wrong.put(path, "Could not find member '" + path + "' on this object.");
            }
        });
    }

    private static void check(JsonNode value, Member member, String path, boolean unknownToo, Map<String, String> wrong) {
        if (value.isNull()) {
            if (!member.nullable()) {
                wrong.put(path, "The " + path + " field must not be null.");
            }
        } else if (!member.many()) {
            one(value, member, path, unknownToo, wrong);
        } else if (!value.isArray()) {
            wrong.put(path, "The value of " + path + " is not valid: a list is expected.");
        } else {
            for (int at = 0; at < value.size(); at++) {
                one(value.get(at), member, path + "[" + at + "]", unknownToo, wrong);
            }
        }
    }

    private static void one(JsonNode value, Member member, String path, boolean unknownToo, Map<String, String> wrong) {
        if (member.shape() == null) {
            if (!fits(value, member.type())) {
                wrong.put(path, "The value " + value + " of " + path + " is not valid: " + member.type() + " is expected.");
            }
        } else if (value instanceof ObjectNode object) {
            member.shape().check(object, path + ".", unknownToo, wrong);
        } else {
            wrong.put(path, "The value of " + path + " is not valid: an object is expected.");
        }
    }

    private static boolean fits(JsonNode value, String type) {
        Predicate<JsonNode> scalar = SCALARS.get(type);
        return scalar != null ? scalar.test(value) : value.isTextual() && Set.of(type.split("\\|")).contains(value.asText());
    }
}
