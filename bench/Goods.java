package bench;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/**
 * The records of the yardstick: products of about 300 bytes, made as they are asked for. From each state to the next, 1 % of the first records are others, of
 * each two hundred one is gone, and as many are new. A record that was touched says something else than before, once for each touch.
 */
final class Goods {
    static final int BLOCK = 200;
    /** So many states come after the first one. */
    static final int MOST_STATES = 60;
    private static final int HUNDRED = 100;
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
    private volatile State state = new State(0);

    /** @param records a multiple of 200 */
    Goods(int records) {
        if (records <= 0 || records % BLOCK != 0) {
            throw new IllegalArgumentException(records + " is not a multiple of " + BLOCK);
        }
        this.records = records;
    }

    /** @param number 0 is the state that all begins with */
    void state(int number) {
        if (number < 0 || number > MOST_STATES) {
            throw new IllegalArgumentException("There is no state " + number);
        }
        state = new State(number);
    }

    void touch(int id) {
        touched.merge(id, 1, Integer::sum);
    }

    void page(Bytes to, int number, int size) {
        to.add(TOTAL);
        to.digits(records);
        to.add(ITEMS);
        State now = state;
        int first = (number - 1) * size;
        for (int rank = first; rank < Math.min((long) first + size, records); rank++) {
            if (rank > first) {
                to.add(',');
            }
            record(to, now.idAt(rank), now);
        }
        to.add(END);
    }

    boolean isThere(int id) {
        return state.isThere(id);
    }

    void record(Bytes to, int id) {
        record(to, id, state);
    }

    private void record(Bytes to, int id, State now) {
        int touches = touched.isEmpty() ? 0 : touched.getOrDefault(id, 0);
        int moves = id < records ? now.moves[id % HUNDRED] : 0;
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
        money(to, 250 + id % 90_000 + 75 * moves + touches);
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
        to.add('1' + moves);
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

    private static byte[][] pieces(String... texts) {
        byte[][] pieces = new byte[texts.length][];
        for (int i = 0; i < texts.length; i++) {
            pieces[i] = texts[i].getBytes(StandardCharsets.UTF_8);
        }
        return pieces;
    }

    /** Which of the records are there, and how often each hundredth has changed. What goes in one state has not changed in any. */
    private final class State {
        private final int number;
        private final int[] moves = new int[HUNDRED];
        private final int[] stays;
        private final boolean[] gone = new boolean[BLOCK];

        State(int number) {
            this.number = number;
            for (int each = 0; each < number; each++) {
                moves[2 + 3 * (each % 32)]++;
                gone[7 + 3 * each] = true;
            }
            stays = IntStream.range(0, BLOCK).filter(place -> !gone[place]).toArray();
        }

        boolean isThere(int id) {
            return id >= 0 && (id < records ? !gone[id % BLOCK] : id < records + number * (records / BLOCK));
        }

        int idAt(int rank) {
            int staying = records / BLOCK * stays.length;
            return rank < staying ? rank / stays.length * BLOCK + stays[rank % stays.length] : records + rank - staying;
        }
    }
}
