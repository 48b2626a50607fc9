package bench;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The records of the yardstick: products of about 300 bytes, made as they are asked for. In the changed state every hundredth is another, of each two hundred
 * one is gone, and as many are new. A record that was touched says something else than before, once for each touch.
 */
final class Goods {
    static final int BLOCK = 200;
    private static final int GOES = 7;
    private static final byte[][] PIECES = pieces("{\"id\":", ",\"code\":\"MAT-", "\",\"displayName\":\"", " no. ", "\",\"description\":\"",
            ", for sites where it has to last; order number ", "\",\"categoryId\":", ",\"price\":", ",\"cost\":", ",\"memberPrice\":",
            ",\"hours\":", ",\"unitOfMeasure\":\"", "\",\"taxable\":", ",\"account\":\"", "\",\"modifiedOn\":\"2026-0", "T10:00:00Z\"}");
    private static final byte[][] NAMES = pieces("Copper elbow 3/4\\\"", "Ball valve", "Drain tube, cured", "Câble souple 3G1.5", "Air filter 16x25x1",
            "Flare nut", "Capacitor 45+5 MFD", "Thermostat wire", "Return grille", "Condensate pump");
    private static final byte[][] WORDS = pieces("Solid and made to size", "Tested at twice the pressure", "Sold with gasket and screws",
            "Insulated, with a smooth surface", "Fits all usual makes since 1998", "Keeps its colour in the sun", "Delivered in a box of its own");
    private static final byte[][] UNITS = pieces("Each", "Foot", "Box", "Pair");
    private static final byte[][] ACCOUNTS = pieces("40100 Sales of material", "40200 Sales of equipment", "40300 Sales of service");
    private static final byte[] TOTAL = "{\"total\":".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ITEMS = ",\"items\":[".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = "]}".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);

    private final int records;
    private final Map<Integer, Integer> touched = new ConcurrentHashMap<>();
    private volatile boolean changed;

    /** @param records a multiple of 200 */
    Goods(int records) {
        if (records <= 0 || records % BLOCK != 0) {
            throw new IllegalArgumentException(records + " is not a multiple of " + BLOCK);
        }
        this.records = records;
    }

    void changed(boolean now) {
        changed = now;
    }

    void touch(int id) {
        touched.merge(id, 1, Integer::sum);
    }

    void page(Bytes to, int number, int size) {
        to.add(TOTAL);
        to.digits(records);
        to.add(ITEMS);
        boolean now = changed;
        int first = (number - 1) * size;
        for (int rank = first; rank < Math.min((long) first + size, records); rank++) {
            if (rank > first) {
                to.add(',');
            }
            record(to, now ? idAt(rank) : rank, now);
        }
        to.add(END);
    }

    boolean isThere(int id) {
        return id >= 0 && (changed ? id < records + records / BLOCK && (id >= records || id % BLOCK != GOES) : id < records);
    }

    void record(Bytes to, int id) {
        record(to, id, changed);
    }

    private void record(Bytes to, int id, boolean now) {
        int touches = touched.isEmpty() ? 0 : touched.getOrDefault(id, 0);
        boolean moved = now && id % 100 == 3;
        to.add(PIECES[0]);
        to.digits(id);
        to.add(PIECES[1]);
        to.digits(1_000_000 + id);
        to.add(PIECES[2]);
        to.add(NAMES[id % NAMES.length]);
        to.add(PIECES[3]);
        to.digits(id);
        to.add(PIECES[4]);
        to.add(WORDS[id % WORDS.length]);
        to.add(PIECES[5]);
        to.digits(id * 7919L % 1_000_003);
        to.add(PIECES[6]);
        to.digits(1 + id % 240);
        to.add(PIECES[7]);
        money(to, 250 + id % 90_000 + (moved ? 75 : 0) + touches);
        to.add(PIECES[8]);
        money(to, 125 + id % 45_000);
        to.add(PIECES[9]);
        money(to, 225 + id % 81_000);
        to.add(PIECES[10]);
        to.digits(id % 8);
        to.add('.');
        to.add(id % 2 == 0 ? '5' : '0');
        to.add(PIECES[11]);
        to.add(UNITS[id % UNITS.length]);
        to.add(PIECES[12]);
        to.add(id % 3 == 0 ? FALSE : TRUE);
        to.add(PIECES[13]);
        to.add(ACCOUNTS[id % ACCOUNTS.length]);
        to.add(PIECES[14]);
        to.add(moved ? '2' : '1');
        to.add('-');
        to.digits(Math.min(28, 10 + touches));
        to.add(PIECES[15]);
    }

    /** Two digits behind the point, as systems write prices: 4.50, not 4.5. */
    private static void money(Bytes to, long cents) {
        to.digits(cents / 100);
        to.add('.');
        to.add((int) ('0' + cents / 10 % 10));
        to.add((int) ('0' + cents % 10));
    }

    private int idAt(int rank) {
        int staying = records / BLOCK * (BLOCK - 1);
        if (rank >= staying) {
            return records + rank - staying;
        }
        int place = rank % (BLOCK - 1);
        return rank / (BLOCK - 1) * BLOCK + place + (place >= GOES ? 1 : 0);
    }

    private static byte[][] pieces(String... texts) {
        byte[][] pieces = new byte[texts.length][];
        for (int i = 0; i < texts.length; i++) {
            pieces[i] = texts[i].getBytes(StandardCharsets.UTF_8);
        }
        return pieces;
    }
}
