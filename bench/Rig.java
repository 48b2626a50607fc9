package bench;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The processes of one size of the yardstick: the page server, Syncline with its PostgreSQL, and the limit program beside it, which writes to the same one. */
final class Rig implements AutoCloseable {
    private static final int LOOK_MILLIS = 200;

    final Helper server;
    final String source;
    final Product product;
    final Helper limit;
    private final Connection watching;
    private final Usage ofServer;
    private final Usage ofProduct;
    private final Usage ofLimit;
    private final Usage ofPostgres;
    private final ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor();

    Rig(Path folder, int records, String heap) throws IOException, InterruptedException, SQLException {
        Files.createDirectories(folder);
        server = Helper.start(PageServer.class, folder.resolve("server.log"), "96m", Map.of(), Integer.toString(records));
        source = "http://127.0.0.1:" + server.answer();
        product = Product.start(folder.resolve("data"), folder.resolve("product.log"), null, heap, Map.of("SHOP_URL", source),
                "--syncline.config=" + folder.resolve("config"));
        limit = Helper.start(Limit.class, folder.resolve("limit.log"), "160m", Map.of("PGPASSWORD", product.password()), source, product.database(),
                product.user());
        limit.answer();
        watching = product.connect();
        ofServer = new Usage(server.pid(), false);
        ofProduct = new Usage(product.pid(), false);
        ofLimit = new Usage(limit.pid(), false);
        ofPostgres = new Usage(product.postmaster(), true);
        looks.scheduleWithFixedDelay(this::look, 0, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** @param number 0 is the original one, and each is that before it with 1 % updated, 0.5 % new, 0.5 % deleted */
    void state(int number) throws IOException {
        post("/state/" + number);
    }

    void post(String path) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) new URL(source + path).openConnection();
        connection.setRequestMethod("POST");
        if (connection.getResponseCode() != 200) {
            throw new IOException(path + " answered " + connection.getResponseCode());
        }
    }

    /** A checkpoint before each pass: none has to write what another left. */
    Measured measure(boolean limitWorks, Callable<?> pass) throws Exception {
        sql("checkpoint");
        Usage own = limitWorks ? ofLimit : ofProduct;
        synchronized (this) {
            own.mostMemory();
            product.collected().most();
            ofPostgres.mostMemory();
            ofServer.mostMemory();
        }
        long log = log();
        double ownBefore = own.processor();
        double postgresBefore = ofPostgres.processor();
        double serverBefore = ofServer.processor();
        long begin = System.nanoTime();
        pass.call();
        double seconds = (System.nanoTime() - begin) / 1e9;
        double ownAfter = own.processor();
        double postgresAfter = ofPostgres.processor();
        double serverAfter = ofServer.processor();
        synchronized (this) {
            return new Measured(seconds, ownAfter - ownBefore, postgresAfter - postgresBefore, serverAfter - serverBefore, own.mostMemory(),
                    ofPostgres.mostMemory(), ofServer.mostMemory(), limitWorks ? 0 : product.collected().most(), log() - log);
        }
    }

    private synchronized void look() {
        ofServer.look();
        ofProduct.look();
        ofLimit.look();
        ofPostgres.look();
    }

    private long log() throws SQLException {
        return number("select pg_current_wal_lsn() - '0/0'::pg_lsn");
    }

    void sql(String statement) throws SQLException {
        try (var each = watching.createStatement()) {
            each.execute(statement);
        }
    }

    long number(String query) throws SQLException {
        try (var statement = watching.createStatement(); ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }

    @Override
    public void close() throws IOException, InterruptedException, SQLException {
        looks.shutdownNow();
        try (server; product; limit; watching) {
            looks.awaitTermination(10, TimeUnit.SECONDS);
        }
    }
}
