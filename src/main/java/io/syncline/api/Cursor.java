package io.syncline.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.springframework.http.HttpStatus;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Where a list goes on: the place of its last item in the list's order, in a form that callers hand back and need not understand. */
final class Cursor {
    private static final JsonMapper JSON = new JsonMapper();

    private Cursor() {
    }

    static String of(Object... place) {
        try {
            return Base64.getUrlEncoder().withoutPadding().encodeToString(JSON.writeValueAsBytes(Arrays.stream(place).map(Object::toString).toList()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts have a JSON form", e);
        }
    }

    /**
     * The place that a caller hands back; empty for the beginning.
     *
     * @param parts how many a place of the list has
     * @throws Refused when it is none that such a list has given
     */
    static Optional<List<String>> read(Call call, int parts) {
        String text = call.parameter("cursor");
        if (text == null) {
            return Optional.empty();
        }
        try {
            String[] place = JSON.readValue(new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8), String[].class);
            if (place != null && place.length == parts && !Arrays.asList(place).contains(null)) {
                return Optional.of(List.of(place));
            }
        } catch (IllegalArgumentException | IOException e) {
            throw unknown();
        }
        throw unknown();
    }

    /** A place that is a number. */
    static Optional<Long> number(Call call) {
        return read(call, 1).map(place -> {
            if (!place.get(0).matches("[0-9]{1,18}")) {
                throw unknown();
            }
            return Long.valueOf(place.get(0));
        });
    }

    static Refused unknown() {
        return new Refused(HttpStatus.BAD_REQUEST, "invalid-cursor",
                "The cursor is none that this list has given. Leave it out to begin at the top, then send \"next\" as it was answered.");
    }
}
