package io.syncline.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

import java.time.DateTimeException;
import java.time.Instant;

/**
 * A snapshot's header, read from the text that its digest is made of.
 *
 * @param changes how many versions began with it
 * @param change  the digest of what it changed
 * @param digest  of the header
 */
public record Header(String previous, long number, Instant sealedAt, String sync, String organisation, long run, long changes, String change, String digest) {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int PARTS = 8;

    /** @throws NotProven when it is none */
    static Header of(String text) {
        try {
            JsonNode parts = JSON.readTree(text);
            if (parts == null || !parts.isArray() || parts.size() != PARTS || !parts.get(1).isIntegralNumber() || !parts.get(5).isIntegralNumber()
                    || !parts.get(6).isIntegralNumber()) {
                throw new NotProven("A snapshot's header is not of the form that snapshots have.");
            }
            return new Header(parts.get(0).asText(), parts.get(1).longValue(), Instant.parse(parts.get(2).asText()), parts.get(3).asText(),
                    parts.get(4).asText(), parts.get(5).longValue(), parts.get(6).longValue(), parts.get(7).asText(), Hex.of(Hex.sha256(text)));
        } catch (JsonProcessingException | DateTimeException e) {
            throw new NotProven("A snapshot's header is not of the form that snapshots have.");
        }
    }
}
