package io.syncline.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncline.conflict.Wanted;
import io.syncline.inspect.Edits;
import io.syncline.inspect.Place;
import io.syncline.record.Field;
import io.syncline.record.Written;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/** Reads what somebody wants to become of a conflict: declared fields only, typed and checked like what a person edits. */
final class WantedBody {
    static final String EXAMPLE = "{\"decision\": \"use_source\"}";
    private static final List<String> SIDES = List.of("theirs", "ours", "base");
    private static final String REASON = "is not a reason. Write why it is decided like this, in 1 to " + AttentionDoor.LONGEST_REASON + " characters.";

    private final JsonBody body;
    private final String side;

    /** @param side the system's short name: {@code st} makes {@code use_st} */
    WantedBody(JsonBody body, String side) {
        this.body = body;
        this.side = side;
    }

    /** Null where it is left out, or a mistake. */
    Wanted.How how(String member) {
        String cure = "is no decision. Write use_source (or use_" + side + "), use_local or merged.";
        if (!body.has(member)) {
            body.mistake(member, member + ": is missing, which " + cure);
        }
        return body.member(member, node -> node.isTextual() ? how(node) : null, cure);
    }

    private Wanted.How how(JsonNode word) {
        for (Wanted.How how : Wanted.How.values()) {
            if (how.decision().equals(word.textValue())) {
                return how;
            }
        }
        return word.textValue().equals("use_" + side) ? Wanted.How.THEIRS : null;
    }

    String reason() {
        return body.member("reason", node -> node.isTextual() && AttentionDoor.isReason(node.textValue()) ? node.textValue().strip() : null, REASON);
    }

    /** Security point 4: what is not declared is a mistake, and nothing is written. */
    Map<Field, Object> values(String member, Place place, Edits edits) {
        Map<Field, Object> values = new LinkedHashMap<>();
        members(member, "is not an object of fields. Write one such as {\"price\": 12.50}.", (name, json) -> {
            Field field = field(place, name);
            if (field == null) {
                body.mistakeIn(member, name, undeclared(place, name));
                return;
            }
            if (isOnlyRead(place, field)) {
                body.mistakeIn(member, name, onlyRead(place, name));
                return;
            }
            Written written = Written.read(field, json.toString());
            if (written.problem() != null) {
                body.mistakeIn(member, name, name + ": " + JsonBody.shown(json) + " " + written.problem() + ".");
            } else if (!edits.leadsSomewhere(place, field, written.value())) {
                body.mistakeIn(member, name, name + ": there is no " + field.references() + " record " + JsonBody.shown(json) + " that it could lead to.");
            } else {
                values.put(field, written.value());
            }
        });
        return values;
    }

    /** @param place where the fields are declared; null where they may be any entity's */
    Map<String, String> take(Place place) {
        Map<String, String> take = new LinkedHashMap<>();
        members("take", "is not an object of sides. Write one such as {\"price\": \"theirs\"}.", (name, json) -> {
            if (place != null && field(place, name) == null) {
                body.mistakeIn("take", name, undeclared(place, name));
            } else if (place != null && isOnlyRead(place, field(place, name)) && !"theirs".equals(json.textValue())) {
                body.mistakeIn("take", name, onlyRead(place, name));
            } else if (!json.isTextual() || !SIDES.contains(json.textValue())) {
                body.mistakeIn("take", name, name + ": " + JsonBody.shown(json) + " is no side. Write theirs, ours or base.");
            } else {
                take.put(name, json.textValue());
            }
        });
        return take;
    }

    private void members(String member, String cure, BiConsumer<String, JsonNode> each) {
        JsonNode object = body.member(member, node -> node.isObject() ? node : null, cure);
        if (object != null) {
            object.fields().forEachRemaining(entry -> each.accept(entry.getKey(), entry.getValue()));
        }
    }

    /** @param allowed what of it says something about a merge */
    void refuseUnlessMerged(Wanted.How how, Map<?, ?>... allowed) {
        for (Map<?, ?> given : allowed) {
            if (how != null && how != Wanted.How.MERGED && !given.isEmpty()) {
                body.mistake("decision", "decision: " + how.decision() + " takes a side as it is. Write merged to say what fields are to say.");
                return;
            }
        }
    }

    private static boolean isOnlyRead(Place place, Field field) {
        return place.entity().writes() != null && field.to() == null;
    }

    private static String onlyRead(Place place, String name) {
        return name + ": is only read from " + place.sync().system() + " and never written there, so it says what that says. Leave it out.";
    }

    private static Field field(Place place, String name) {
        int at = place.entity().shape().position(name);
        return at < 0 ? null : place.entity().shape().fields().get(at);
    }

    private static String undeclared(Place place, String name) {
        return JsonBody.shown(name) + " is no field of " + place.entity().name() + ". Its fields are "
                + place.entity().shape().fields().stream().map(Field::name).collect(Collectors.joining(", ")) + ".";
    }
}
