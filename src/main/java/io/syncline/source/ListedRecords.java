package io.syncline.source;

import io.syncline.record.JsonCursor;
import io.syncline.record.JsonCursor.Unusual;
import io.syncline.record.Observed;
import io.syncline.record.RecordBytes;
import io.syncline.record.SideMapping;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * The records of an answer's list, read without a parser: a page is almost nothing else. What stands around them is left to the parser, and everything is where
 * anything about the list is unusual, since only the parser says what.
 */
final class ListedRecords {
    private final byte[] body;
    private final JsonCursor json;
    private final SideMapping mapping;
    private final Told told;
    private int from;
    private int to;

    /** Is told of each record where it stands. */
    interface Told {
        void record(Observed observed, int from, int to);
    }

    private ListedRecords(byte[] body, int start, SideMapping mapping, Told told) {
        this.body = body;
        this.json = new JsonCursor(body, start, body.length);
        this.mapping = mapping;
        this.told = told;
    }

    /**
     * @param way  the members that lead to the list
     * @return the answer with an empty list; null where the list is the parser's to read, whatever was told until then
     */
    static byte[] read(byte[] body, int start, List<String> way, SideMapping mapping, Told told) {
        ListedRecords listed = new ListedRecords(body, start, mapping, told);
        try {
            return listed.find(way, 0) ? listed.around() : null;
        } catch (Unusual unusual) {
            return null;
        }
    }

    /** The first way to it is taken; had the answer another one, the parser would say that it is there twice. */
    private boolean find(List<String> way, int depth) {
        if (depth == way.size()) {
            return json.next() == '[' && list(depth + 1);
        }
        if (!json.takes('{')) {
            return false;
        }
        String wanted = way.get(depth);
        for (boolean more = !json.takes('}'); more; more = json.hasMore('}')) {
            json.name();
            if (json.isEscaped()) {
                return false;
            }
            if (isNamed(wanted)) {
                return find(way, depth + 1);
            }
            json.value(depth + 1);
        }
        return false;
    }

    private boolean isNamed(String wanted) {
        byte[] name = wanted.getBytes(StandardCharsets.UTF_8);
        return Arrays.equals(body, json.from() + 1, json.to() - 1, name, 0, name.length);
    }

    private boolean list(int depth) {
        RecordBytes records = new RecordBytes(mapping, json);
        json.expect('[');
        from = json.at();
        for (boolean more = !json.takes(']'); more; more = json.hasMore(']')) {
            json.next();
            int begin = json.at();
            told.record(records.read(depth), begin, json.at());
        }
        to = json.at() - 1;
        return true;
    }

    private byte[] around() {
        byte[] around = Arrays.copyOf(body, body.length - (to - from));
        System.arraycopy(body, to, around, from, body.length - to);
        return around;
    }
}
