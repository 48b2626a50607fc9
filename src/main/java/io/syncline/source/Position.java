package io.syncline.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.syncline.config.SourceConfig.Paging;
import io.syncline.source.SourceFailure.Kind;

/**
 * Where a read of pages stands.
 *
 * @param at      the page number, offset, cursor or URL to ask for; null at the beginning
 * @param page    the number of the page to ask for, from 1
 * @param read    how many records the pages before delivered
 * @param total   the total that the source told first, or null
 * @param before  the fingerprint of the page before, or null; should it come again, the source goes in circles
 * @param resumed an earlier read stopped here
 */
record Position(String at, int page, long read, Long total, Long before, boolean resumed) {
    static final Position START = new Position(null, 1, 0, null, null, false);

    /** Where a read stands that came to the page undisturbed, page by full page. */
    static Position counted(Paging paging, int page, String cursor) {
        if (page == 1 && cursor == null) {
            return START;
        }
        String at = switch (paging.kind()) {
            case PAGE -> Integer.toString(paging.first() + page - 1);
            case OFFSET -> Long.toString(paging.first() + (page - 1L) * paging.size());
            case NONE, CURSOR, LINK_HEADER, NEXT_URL -> cursor;
        };
        return new Position(at, page, (page - 1L) * paging.size(), null, null, false);
    }

    /** Of a source whose pages come in an order that neither a total nor a fingerprint has to watch over. */
    static Position ordered(String at, int page) {
        return new Position(at, page, 0, null, null, false);
    }

    Position then(String next, int records, Long firstTotal, long fingerprint) {
        return new Position(next, page + 1, read + records, firstTotal, fingerprint, false);
    }

    String resume() {
        ObjectNode text = HttpReads.JSON.createObjectNode();
        text.put("at", at).put("page", page).put("read", read).put("total", total).put("before", before);
        return text.toString();
    }

    static Position of(String resume, Asked asked) {
        if (resume == null) {
            return START;
        }
        try {
            JsonNode text = HttpReads.JSON.readTree(resume);
            JsonNode total = text.path("total");
            JsonNode before = text.path("before");
            if (text.path("at").isTextual() && text.path("page").isInt() && text.path("read").isIntegralNumber()) {
                return new Position(text.get("at").textValue(), text.get("page").intValue(), text.get("read").longValue(),
                        total.isIntegralNumber() ? total.longValue() : null, before.isIntegralNumber() ? before.longValue() : null, true);
            }
        } catch (JsonProcessingException e) {
            throw lost(asked);
        }
        throw lost(asked);
    }

    private static SourceFailure lost(Asked asked) {
        return asked.failure(Kind.POSITION_LOST, "the position to go on from cannot be read", "Start the read over");
    }
}
