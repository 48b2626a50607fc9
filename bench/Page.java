package bench;

import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * One page as the limit program reads it: its records are found in one pass over the bytes, each is written as its canonical document and hashed. Nothing is
 * made for a record but bytes in arrays that the next page uses again. Members may come in any order; unknown ones are passed over.
 */
final class Page {
    static final int HASH = 32;
    /** Sorted, as the canonical document has them. */
    static final String[] FIELDS = {"account", "category_id", "code", "cost", "description", "display_name", "hours", "member_price", "price", "taxable",
        "unit_of_measure"};
    static final String[] COLUMNS = {"text", "bigint", "text", "numeric", "text", "text", "numeric", "numeric", "numeric", "boolean", "text"};
    private static final byte[][] MEMBERS = utf8("account", "categoryId", "code", "cost", "description", "displayName", "hours", "memberPrice", "price",
            "taxable", "unitOfMeasure", "id", "modifiedOn");
    private static final byte[] TOTAL = {'t', 'o', 't', 'a', 'l'};
    private static final byte[] ITEMS = {'i', 't', 'e', 'm', 's'};
    private static final byte[] NULL = {'n', 'u', 'l', 'l'};
    private static final byte[][] OPENINGS = openings();
    private static final int ID = FIELDS.length;
    private static final int MODIFIED = ID + 1;
    private static final int SLOTS = MODIFIED + 1;

    final Body body = new Body();
    int count;
    long total;
    long[] ids = new long[0];
    private final Bytes documents = new Bytes(256 * 1024);
    private int[] documentEnds = new int[0];
    private byte[] hashes = new byte[0];
    private int[] starts = new int[0];
    private int[] ends = new int[0];
    private boolean[] escaped = new boolean[0];
    /** Systems write members in one order, so where the last record had a member is looked first. */
    private final int[] order = new int[2 * SLOTS];
    private final Bytes number = new Bytes(64);
    private final MessageDigest sha256;

    Page() {
        Arrays.fill(order, -1);
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Takes the body in: {@code {"total": 2, "items": [{…}, {…}]}}. */
    void read() {
        count = 0;
        total = -1;
        documents.clear();
        body.at = 0;
        body.expect('{');
        for (boolean more = !body.takes('}'); more; more = body.more('}')) {
            body.string();
            if (body.nameIs(ITEMS)) {
                body.expect(':');
                body.expect('[');
                for (boolean another = !body.takes(']'); another; another = body.more(']')) {
                    record();
                }
            } else {
                boolean isTotal = body.nameIs(TOTAL);
                body.expect(':');
                body.value();
                total = isTotal ? Canonical.whole(body.array, body.start, body.end) : total;
            }
        }
    }

    /** The body is one record. */
    void readOne() {
        count = 0;
        documents.clear();
        body.at = 0;
        record();
    }

    private void record() {
        makeRoom();
        int base = count * SLOTS;
        Arrays.fill(starts, base, base + SLOTS, -1);
        body.expect('{');
        int place = 0;
        for (boolean more = !body.takes('}'); more; more = body.more('}')) {
            body.string();
            int slot = slot(place++);
            body.expect(':');
            body.value();
            if (slot >= 0) {
                starts[base + slot] = body.start;
                ends[base + slot] = body.end;
                escaped[base + slot] = body.escaped;
            }
        }
        if (starts[base + ID] < 0) {
            throw new IllegalStateException("a record without its key");
        }
        ids[count] = Canonical.whole(body.array, starts[base + ID], ends[base + ID]);
        int begin = documents.length;
        canonical(base);
        documentEnds[count] = documents.length;
        try {
            sha256.update(documents.array, begin, documents.length - begin);
            sha256.digest(hashes, count * HASH, HASH);
        } catch (DigestException e) {
            throw new IllegalStateException(e);
        }
        count++;
    }

    private void makeRoom() {
        if (count == ids.length) {
            int room = Math.max(500, 2 * count);
            ids = Arrays.copyOf(ids, room);
            documentEnds = Arrays.copyOf(documentEnds, room);
            hashes = Arrays.copyOf(hashes, room * HASH);
            starts = Arrays.copyOf(starts, room * SLOTS);
            ends = Arrays.copyOf(ends, room * SLOTS);
            escaped = Arrays.copyOf(escaped, room * SLOTS);
        }
    }

    private int slot(int place) {
        int guess = place < order.length ? order[place] : -1;
        if (guess >= 0 && body.nameIs(MEMBERS[guess])) {
            return guess;
        }
        for (int slot = 0; slot < SLOTS; slot++) {
            if (body.nameIs(MEMBERS[slot])) {
                if (place < order.length) {
                    order[place] = slot;
                }
                return slot;
            }
        }
        return -1;
    }

    /** A member that is missing is left out, one that is null is null: the two are told apart. */
    private void canonical(int base) {
        Bytes to = documents;
        byte[] from = body.array;
        int begin = to.length;
        to.add('{');
        for (int field = 0; field < FIELDS.length; field++) {
            int start = starts[base + field];
            if (start < 0) {
                continue;
            }
            if (to.length > begin + 1) {
                to.add(',');
            }
            to.add(OPENINGS[field]);
            int end = ends[base + field];
            if (isNull(base + field)) {
                to.add(NULL);
            } else {
                switch (COLUMNS[field].charAt(0)) {
                    case 't' -> Canonical.text(to, from, start, end, escaped[base + field]);
                    case 'n' -> Canonical.number(to, from, start, end);
                    default -> to.add(from, start, end);
                }
            }
        }
        to.add('}');
    }

    private boolean isNull(int slot) {
        byte[] from = body.array;
        int start = starts[slot];
        return from[start] == 'n' && ends[slot] == start + 4 && from[start - 1] != '"';
    }

    boolean hashIs(int record, byte[] other, int at) {
        return Arrays.equals(hashes, record * HASH, record * HASH + HASH, other, at, at + HASH);
    }

    /** The record as a row of the staging table. */
    void copy(int record, Bytes to, boolean typed) {
        int base = record * SLOTS;
        byte[] from = body.array;
        to.int2(typed ? 4 + FIELDS.length : 4);
        to.int4(8);
        to.int8(ids[record]);
        if (starts[base + MODIFIED] < 0 || isNull(base + MODIFIED)) {
            to.int4(-1);
        } else {
            to.int4(8);
            to.int8(Canonical.micros(from, starts[base + MODIFIED], ends[base + MODIFIED]));
        }
        to.int4(HASH);
        to.add(hashes, record * HASH, record * HASH + HASH);
        int begin = record == 0 ? 0 : documentEnds[record - 1];
        to.int4(documentEnds[record] - begin);
        to.add(documents.array, begin, documentEnds[record]);
        for (int field = 0; typed && field < FIELDS.length; field++) {
            if (starts[base + field] < 0 || isNull(base + field)) {
                to.int4(-1);
            } else {
                column(field, base + field, to);
            }
        }
    }

    private void column(int field, int slot, Bytes to) {
        byte[] from = body.array;
        int start = starts[slot];
        int end = ends[slot];
        switch (COLUMNS[field]) {
            case "bigint" -> {
                to.int4(8);
                to.int8(Canonical.whole(from, start, end));
            }
            case "boolean" -> {
                to.int4(1);
                to.add(from[start] == 't' ? 1 : 0);
            }
            case "numeric" -> {
                number.clear();
                Canonical.number(number, from, start, end);
                Canonical.numeric(to, number.array, 0, number.length);
            }
            default -> {
                if (escaped[slot]) {
                    byte[] plain = Canonical.plain(from, start, end);
                    to.int4(plain.length);
                    to.add(plain);
                } else {
                    to.int4(end - start);
                    to.add(from, start, end);
                }
            }
        }
    }

    private static byte[][] openings() {
        byte[][] openings = new byte[FIELDS.length][];
        for (int i = 0; i < FIELDS.length; i++) {
            openings[i] = ("\"" + FIELDS[i] + "\":").getBytes(StandardCharsets.UTF_8);
        }
        return openings;
    }

    private static byte[][] utf8(String... texts) {
        return Arrays.stream(texts).map(text -> text.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);
    }
}
