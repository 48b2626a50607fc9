package io.syncline.api;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Where a record is found: by its key in its system, or by its row where it has none yet. */
final class RecordAddress {
    private static final String ROW = "row:";

    private RecordAddress() {
    }

    static String of(String sync, String entity, String key, Long row) {
        return ofEntity(sync, entity) + "/records/" + segment(name(key, row));
    }

    static String ofEntity(String sync, String entity) {
        return "/api/v1/syncs/" + segment(sync) + "/entities/" + segment(entity);
    }

    /** What stands for the record in an address. */
    static String name(String key, Long row) {
        return key == null ? ROW + row : key;
    }

    static String segment(String text) {
        String encoded = URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
        // A segment of dots would be taken for a way up.
        return encoded.equals(".") || encoded.equals("..") ? encoded.replace(".", "%2E") : encoded;
    }
}
