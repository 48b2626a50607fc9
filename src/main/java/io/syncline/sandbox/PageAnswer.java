package io.syncline.sandbox;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * One page of a list.
 *
 * @param total null when it was not asked for
 * @param rows  null for {@code "data": null}
 */
record PageAnswer(int page, int pageSize, boolean hasMore, Integer total, List<Item> rows) {
    /** @param slip how many rows have gone from before this page since the one before it was read; negative when some have come */
    static PageAnswer of(List<Item> found, ListQuery query, int page, int slip) {
        long from = Math.max(0, (page - 1L) * query.pageSize() + slip);
        int start = (int) Math.min(from, found.size());
        int end = (int) Math.min(from + query.pageSize(), found.size());
        return new PageAnswer(query.page(), query.pageSize(), end < found.size(), query.includeTotal() ? found.size() : null, found.subList(start, end));
    }

    byte[] json() {
        ByteArrayOutputStream json = new ByteArrayOutputStream(1 << 16);
        text(json, "{\"page\":" + page + ",\"pageSize\":" + pageSize + ",\"hasMore\":" + hasMore + ",\"totalCount\":" + total + ",\"data\":");
        if (rows == null) {
            text(json, "null");
        } else {
            for (int at = 0; at < rows.size(); at++) {
                text(json, at == 0 ? "[" : ",");
                json.writeBytes(rows.get(at).json());
            }
            text(json, rows.isEmpty() ? "[]" : "]");
        }
        text(json, "}");
        return json.toByteArray();
    }

    private static void text(ByteArrayOutputStream json, String text) {
        json.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }
}
