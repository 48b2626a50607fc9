package bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * The limit: what the same work costs when it is written by hand for one kind of record, with nothing but Java and the driver. One thread fetches, one reads
 * and hashes, one looks up and copies; one merge makes it true. bench/README.md says what it leaves out.
 *
 * <p>A process of its own that is told what to do line by line: {@code new SCHEMA typed}, {@code pass SCHEMA typed page}, {@code one SCHEMA typed 17}. Each is
 * answered with a line.</p>
 */
final class Limit implements AutoCloseable {
    private static final int SIZE = 500;
    private static final int FLUSH = 64 * 1024;
    private static final byte[] HEADER = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0};

    private final String source;
    private final Connection writing;
    private final Connection looking;
    private final ExecutorService threads = Executors.newFixedThreadPool(2);
    private final BlockingQueue<Page> free = new ArrayBlockingQueue<>(4);
    private final Bytes rows = new Bytes(2 * FLUSH);

    private Limit(String source, String database, Properties login) throws SQLException {
        this.source = source;
        writing = DriverManager.getConnection(database, login);
        writing.setAutoCommit(false);
        looking = DriverManager.getConnection(database, login);
        for (int i = 0; i < 4; i++) {
            free.add(new Page());
        }
    }

    /** @param arguments where the records are, where the database is, and its user; the password is in the environment */
    public static void main(String[] arguments) throws Exception {
        Properties login = new Properties();
        login.setProperty("user", arguments[2]);
        login.setProperty("password", System.getenv("PGPASSWORD"));
        login.setProperty("binaryTransfer", "true");
        login.setProperty("prepareThreshold", "1");
        try (Limit limit = new Limit(arguments[0], arguments[1], login);
                BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            System.out.println("ready");
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] words = line.split(" ");
                LimitTables tables = new LimitTables(words[1], words[2].equals("typed"));
                switch (words[0]) {
                    case "new" -> {
                        tables.create(limit.writing);
                        limit.writing.commit();
                        System.out.println("made");
                    }
                    case "pass" -> System.out.println(limit.pass(tables, words[2].equals("typed"), words[3].equals("first")));
                    default -> System.out.println(limit.one(tables, words[2].equals("typed"), Long.parseLong(words[3])));
                }
            }
        }
    }

    private String pass(LimitTables tables, boolean typed, boolean allHashesFirst) throws Exception {
        boolean empty = tables.isEmpty(writing);
        Known known = allHashesFirst && !empty ? all(tables) : new Known(SIZE);
        BlockingQueue<Page> fetched = new ArrayBlockingQueue<>(1);
        BlockingQueue<Page> read = new ArrayBlockingQueue<>(1);
        Future<?> fetching = threads.submit(() -> fetch(fetched));
        Future<?> reading = threads.submit(() -> read(fetched, read));
        LongSet seen = new LongSet(SIZE);
        long total = -1;
        int created = 0;
        int updated = 0;
        int unchanged = 0;
        CopyIn copy = null;
        try (PreparedStatement lookUp = looking.prepareStatement(tables.lookUp())) {
            for (Page page = next(read, fetching, reading); page.count > 0; page = next(read, fetching, reading)) {
                total = page.total;
                if (!allHashesFirst && !empty) {
                    lookUp(lookUp, page, known);
                }
                for (int record = 0; record < page.count; record++) {
                    if (!seen.add(page.ids[record])) {
                        throw new IllegalStateException("the record " + page.ids[record] + " came twice");
                    }
                    int found = empty ? -1 : known.find(page.ids[record]);
                    if (found >= 0 && known.hasHash(found, page, record)) {
                        unchanged++;
                        continue;
                    }
                    created += found < 0 ? 1 : 0;
                    updated += found < 0 ? 0 : 1;
                    if (copy == null) {
                        copy = ((PGConnection) writing).getCopyAPI().copyIn(tables.copy());
                        rows.clear();
                        rows.add(HEADER);
                    }
                    page.copy(record, rows, typed);
                    if (rows.length >= FLUSH) {
                        copy.writeToCopy(rows.array, 0, rows.length);
                        rows.clear();
                    }
                }
                free.put(page);
            }
        }
        if (seen.size() != total) {
            throw new IllegalStateException(seen.size() + " records came, not " + total);
        }
        if (copy != null) {
            rows.int2(-1);
            copy.writeToCopy(rows.array, 0, rows.length);
            copy.endCopy();
        }
        int deleted = publish(tables, seen, created, updated, unchanged, empty);
        return "created " + created + " updated " + updated + " unchanged " + unchanged + " deleted " + deleted;
    }

    private int publish(LimitTables tables, LongSet seen, int created, int updated, int unchanged, boolean empty) throws SQLException {
        Long[] gone = empty ? new Long[0] : gone(tables, seen, updated + unchanged);
        long run = tables.newRun(writing);
        if (created + updated > 0) {
            tables.merge(writing, run, empty);
        }
        if (gone.length > 0) {
            tables.delete(writing, run, gone);
        }
        if (created + updated > 0) {
            tables.emptyStaging(writing);
        }
        writing.commit();
        return gone.length;
    }

    /** Only where fewer were seen than there are does anybody have to look which. */
    private Long[] gone(LimitTables tables, LongSet seen, int matched) throws SQLException {
        try (var statement = writing.createStatement(); ResultSet row = statement.executeQuery(tables.live())) {
            row.next();
            if (row.getLong(1) == matched) {
                return new Long[0];
            }
        }
        List<Long> gone = new ArrayList<>();
        try (var statement = writing.createStatement()) {
            statement.setFetchSize(10_000);
            try (ResultSet row = statement.executeQuery(tables.all().replace(", hash", ""))) {
                while (row.next()) {
                    if (!seen.has(row.getLong(1))) {
                        gone.add(row.getLong(1));
                    }
                }
            }
        }
        return gone.toArray(Long[]::new);
    }

    private Known all(LimitTables tables) throws SQLException {
        Known known = new Known(SIZE);
        try (PreparedStatement statement = writing.prepareStatement(tables.all())) {
            statement.setFetchSize(10_000);
            read(statement, known, false);
        }
        return known;
    }

    /** A row that was deleted counts as changed when its record is there again. */
    private static void lookUp(PreparedStatement statement, Page page, Known known) throws SQLException {
        known.clear();
        long[] ids = java.util.Arrays.copyOf(page.ids, page.count);
        statement.setArray(1, statement.getConnection().unwrap(PGConnection.class).createArrayOf("int8", ids));
        read(statement, known, true);
    }

    private static void read(PreparedStatement statement, Known known, boolean tellsDeleted) throws SQLException {
        byte[] none = new byte[Page.HASH];
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                known.add(row.getLong(1), tellsDeleted && row.getBoolean(3) ? none : row.getBytes(2));
            }
        }
    }

    /** One record, asked for by itself and made true at once. */
    private String one(LimitTables tables, boolean typed, long id) throws Exception {
        Page page = free.take();
        try (PreparedStatement lookUp = looking.prepareStatement(tables.lookUp())) {
            fetch(page.body, source + "/items/" + id);
            page.readOne();
            Known known = new Known(1);
            lookUp(lookUp, page, known);
            int found = known.find(id);
            if (found >= 0 && known.hasHash(found, page, 0)) {
                return "unchanged 1";
            }
            CopyIn copy = ((PGConnection) writing).getCopyAPI().copyIn(tables.copy());
            rows.clear();
            rows.add(HEADER);
            page.copy(0, rows, typed);
            rows.int2(-1);
            copy.writeToCopy(rows.array, 0, rows.length);
            copy.endCopy();
            tables.mergeOne(writing, tables.newRun(writing));
            writing.commit();
            return "changed 1";
        } finally {
            free.put(page);
        }
    }

    private Void fetch(BlockingQueue<Page> fetched) throws IOException, InterruptedException {
        int number = 0;
        boolean more = true;
        while (more) {
            Page page = free.take();
            fetch(page.body, source + "/items?page=" + ++number + "&size=" + SIZE);
            // An empty page is short: {"total":100000,"items":[]}.
            more = page.body.length > 100;
            fetched.put(page);
        }
        return null;
    }

    private static void fetch(Body into, String address) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) new URL(address).openConnection();
        if (connection.getResponseCode() != 200) {
            throw new IOException(address + " answered " + connection.getResponseCode());
        }
        int length = connection.getContentLength();
        if (into.array.length < length) {
            into.array = new byte[length + length / 2];
        }
        try (InputStream in = connection.getInputStream()) {
            into.length = in.readNBytes(into.array, 0, length);
        }
    }

    private static Void read(BlockingQueue<Page> fetched, BlockingQueue<Page> read) throws InterruptedException {
        Page page;
        do {
            page = fetched.take();
            page.read();
            read.put(page);
        } while (page.count > 0);
        return null;
    }

    private Page next(BlockingQueue<Page> read, Future<?> fetching, Future<?> reading) throws InterruptedException, ExecutionException {
        Page page = read.poll(1, TimeUnit.SECONDS);
        while (page == null) {
            for (Future<?> each : List.of(fetching, reading)) {
                if (each.isDone()) {
                    each.get();
                }
            }
            page = read.poll(1, TimeUnit.SECONDS);
        }
        if (page.count == 0) {
            free.put(page);
        }
        return page;
    }

    @Override
    public void close() throws SQLException {
        threads.shutdownNow();
        looking.close();
        writing.close();
    }
}
