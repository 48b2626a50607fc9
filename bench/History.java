package bench;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What passes and looks cost, and how much room is taken, where more and more snapshots lie behind a table: each is the page server's next state, read. */
final class History {
    static final String SYNC = "history";
    private static final String RECORDS = "/api/v1/syncs/" + SYNC + "/entities/items/records";
    private static final String THEN = "/api/v1/syncs/" + SYNC + "/entities/items/export?snapshot=1&format=jsonl";
    private static final int MOST_PASSES = 5;
    static final int MOST_SNAPSHOTS = Goods.MOST_STATES - MOST_PASSES;

    private final Rig rig;
    private final int records;
    private final Path folder;
    private final Times times;
    private final Pairs work;
    private int snapshots;

    History(Rig rig, int records, Path folder, Times times) {
        this.rig = rig;
        this.records = records;
        this.folder = folder;
        this.times = times;
        work = new Pairs(rig, records);
    }

    /**
     * What was found with so many snapshots.
     *
     * @param preview seconds that a dry run of the changed pass took
     * @param looks   medians in milliseconds: of the list's first page, of the preview's, of one record and of the first page as of the first snapshot
     * @param all     seconds that all records as of the first snapshot took, as JSON lines
     * @param tables  rows and bytes of the table, versions and bytes of its history
     */
    record Found(int snapshots, List<Measured> same, List<Measured> changed, double preview, double[] looks, double all, long[] tables) {
    }

    /** @param depths how many snapshots, the least first */
    List<Found> measure(List<Integer> depths, int asked) throws Exception {
        rig.state(0);
        work.syncline(SYNC, Phase.LOAD);
        snapshots = 1;
        List<Found> found = new ArrayList<>();
        for (int i = 0; i < depths.size(); i++) {
            while (snapshots < depths.get(i)) {
                change();
            }
            int next = i + 1 < depths.size() ? depths.get(i + 1) : Integer.MAX_VALUE;
            found.add(find(Math.min(Math.min(asked, MOST_PASSES), next - snapshots)));
        }
        return found;
    }

    private Found find(int passes) throws Exception {
        int before = snapshots;
        rig.sql("vacuum (analyze) " + SYNC + ".items, " + SYNC + ".items_history");
        List<Measured> same = new ArrayList<>();
        for (int i = 0; i < passes; i++) {
            same.add(rig.measure(false, () -> work.syncline(SYNC, Phase.SAME)));
        }
        long[] tables = {rig.number("select count(*) from " + SYNC + ".items"), size("items"), rig.number("select count(*) from " + SYNC + ".items_history"),
            size("items_history")};
        requireSnapshots();
        double list = look("list", RECORDS + "?limit=50");
        double one = times.median("one record as it was", each -> send(RECORDS + "/" + changedAtOnce(each) + "?snapshot=1"), History::isFine);
        double page = look("list as it was", RECORDS + "?limit=50&snapshot=1");
        double all = Times.seconds(() -> rig.product.download(THEN, folder.resolve("first.jsonl")));
        rig.state(snapshots);
        double dryRun = Times.seconds(() -> rig.product.run("/api/sync/" + SYNC + "/full", "{\"dryRun\": true}"));
        long plan = rig.product.get("/api/v1/plans?limit=1").path("items").path(0).path("id").asLong();
        double preview = look("preview", "/api/v1/plans/" + plan + "/rows?limit=50");
        List<Measured> changed = new ArrayList<>();
        for (int i = 0; i < passes; i++) {
            changed.add(change());
        }
        return new Found(before, same, changed, dryRun, new double[] {list, preview, one, page}, all, tables);
    }

    private Measured change() throws Exception {
        rig.state(snapshots++);
        return rig.measure(false, () -> work.syncline(SYNC, Phase.CHANGED));
    }

    /** Those of passes without changes are behind nothing. */
    private void requireSnapshots() throws Exception {
        long made = rig.number("select count(*) from syncline.snapshot where changes > 0 and sync = '" + SYNC + "'");
        if (made != snapshots) {
            throw new IllegalStateException("There are " + made + " snapshots, not " + snapshots);
        }
    }

    private long size(String table) throws Exception {
        return rig.number("select pg_total_relation_size('" + SYNC + "." + table + "')");
    }

    private double look(String what, String path) throws Exception {
        return times.median(what, each -> send(path), History::isFine);
    }

    private HttpResponse<String> send(String path) throws Exception {
        return rig.product.send("GET", path, null);
    }

    private static boolean isFine(HttpResponse<String> answer) {
        return answer.statusCode() == 200;
    }

    /** Records that the second snapshot already changed, spread over all of them. */
    private int changedAtOnce(int each) {
        return each * 37 % (records / 100) * 100 + 2;
    }
}
