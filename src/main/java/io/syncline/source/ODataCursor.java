package io.syncline.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.syncline.source.SourceFailure.Kind;

/**
 * A delta link, as it is kept from one read to the next. It is about what was asked for when it was given, and of no use when that is declared otherwise.
 *
 * @param declared what was asked for, all of it
 */
record ODataCursor(String link, String declared) {
    /** @throws SourceFailure when the link is not about what is declared now */
    static ODataCursor of(String kept, String declared, Asked asked) {
        try {
            JsonNode text = HttpReads.JSON.readTree(kept);
            if (text.path("link").isTextual() && text.path("asked").asLong() == Fingerprint.of(declared)) {
                return new ODataCursor(text.get("link").textValue(), declared);
            }
        } catch (JsonProcessingException e) {
            throw lost(asked);
        }
        throw lost(asked);
    }

    String text() {
        return HttpReads.JSON.createObjectNode().put("link", link).put("asked", Fingerprint.of(declared)).toString();
    }

    private static SourceFailure lost(Asked asked) {
        return asked.failure(Kind.MARK_LOST, "what is asked for is not what the delta link was given for, because the system's file has changed",
                "Read everything");
    }
}
