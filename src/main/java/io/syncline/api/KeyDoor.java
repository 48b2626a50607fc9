package io.syncline.api;

import io.syncline.access.Keys;
import io.syncline.access.Role;
import io.syncline.activity.Activity;
import org.apache.camel.Variable;
import org.springframework.http.HttpStatus;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The doors to an organisation's keys. Each method answers one operation. A key itself is answered once, when it is made. */
final class KeyDoor {
    private static final String NAME_CURE = "is not a name. Write who or what will use it, up to 90 characters, in quotes.";
    private static final int MOST_DIGITS = 18;
    private static final String OF_TOKENS = "jwt:";

    private final Keys keys;
    private final Activity activity;

    KeyDoor(Keys keys, Activity activity) {
        this.keys = keys;
        this.activity = activity;
    }

    public Answer list(@Variable(Call.NAME) Call call) {
        Parameters parameters = new Parameters(call);
        int limit = parameters.limit();
        parameters.refuseMistakes();
        List<Keys.Kept> found = keys.list(call.caller().organisation(), Cursor.number(call).orElse(Long.MAX_VALUE), limit + 1);
        List<Keys.Kept> page = found.subList(0, Math.min(limit, found.size()));
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("items", page.stream().map(KeyDoor::shown).toList());
        answer.put("next", found.size() > limit ? Cursor.of(page.get(limit - 1).id()) : null);
        return Answer.of(200, Map.of(), answer);
    }

    public Answer make(@Variable(Call.NAME) Call call) {
        JsonBody body = JsonBody.read(call.body(), "{\"name\": \"nightly\", \"role\": \"operator\"}");
        String name = name(body);
        Role role = role(body);
        body.refuseMistakes();
        Keys.Made made = keys.make(name, call.caller().organisation(), role, call.caller().name());
        Map<String, Object> answer = shown(keys.one(call.caller().organisation(), made.id()).orElseThrow());
        answer.put("key", made.text());
        return Answer.of(201, Map.of(), answer);
    }

    /** Promise 29: another organisation's key is answered like one that does not exist. */
    public Answer revoke(@Variable(Call.NAME) Call call) {
        Parameters parameters = new Parameters(call);
        Boolean lastAdmin = parameters.truth("lastAdmin");
        parameters.refuseMistakes();
        String id = call.parameter("id");
        if (!id.matches("[0-9]+")) {
            throw Refused.badRequest("A key is found by its id, in digits, as in /api/v1/keys/42.", Map.of());
        }
        if (id.length() > MOST_DIGITS || !activity.by(call.caller().name(),
                () -> keys.revoke(call.caller().organisation(), Long.parseLong(id), Boolean.TRUE.equals(lastAdmin)))) {
            throw new Refused(HttpStatus.NOT_FOUND, "no-such-key", "There is no such key. GET /api/v1/keys lists those there are, with their ids.");
        }
        return Answer.nothing();
    }

    /** Null where it is a mistake. */
    static String name(JsonBody body) {
        if (!body.has("name")) {
            body.mistake("name", "name: is missing. Write who or what it is for, in quotes.");
        }
        return body.member("name", node -> node.isTextual() && isName(node.textValue()) ? node.textValue() : null, NAME_CURE);
    }

    /** Null where it is a mistake. */
    static Role role(JsonBody body) {
        String cure = "is not a role. Write one of " + String.join(", ", Role.given().stream().map(Role::word).toList()) + ".";
        if (!body.has("role")) {
            body.mistake("role", "role: is missing, or null, which " + cure);
        }
        return body.member("role", node -> Role.given().stream().filter(role -> role.word().equals(node.textValue())).findFirst().orElse(null), cure);
    }

    private static boolean isName(String text) {
        return !text.isBlank() && text.length() <= 90 && text.chars().noneMatch(Character::isISOControl) && !text.startsWith(OF_TOKENS);
    }

    private static Map<String, Object> shown(Keys.Kept key) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("id", key.id());
        shown.put("name", key.name());
        shown.put("role", key.role().word());
        shown.put("start", key.start());
        shown.put("createdAt", text(key.createdAt()));
        shown.put("createdBy", key.createdBy());
        shown.put("lastUsedAt", text(key.lastUsedAt()));
        shown.put("revokedAt", text(key.revokedAt()));
        return shown;
    }

    private static String text(Instant instant) {
        return instant == null ? null : instant.toString();
    }
}
