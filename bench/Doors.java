package bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.file.Path;

/** What people and programs ask of Syncline one by one: a record refreshed, a preview looked at and applied, the past. */
final class Doors {
    private static final String SYNC = "doors";
    private static final String RECORDS = "/api/v1/syncs/" + SYNC + "/entities/items/records/";
    private static final String THEN = "/api/v1/syncs/" + SYNC + "/entities/items/export?snapshot=1";

    private final Rig rig;
    private final int records;
    private final Path folder;
    private final Times times;

    Doors(Rig rig, int records, Path folder, Times times) {
        this.times = times;
        this.rig = rig;
        this.records = records;
        this.folder = folder;
    }

    void measure() throws Exception {
        rig.limit.order("new limit_doors typed");
        Pairs work = new Pairs(rig, records);
        rig.state(0);
        work.limit("limit_doors", "page", Phase.LOAD);
        work.syncline(SYNC, Phase.LOAD);
        work.limit("limit_doors", "page", Phase.SAME);
        work.syncline(SYNC, Phase.SAME);
        rig.state(1);
        double dryRun = Times.seconds(() -> rig.product.run("/api/sync/" + SYNC + "/full", "{\"dryRun\": true}"));
        long plan = rig.product.get("/api/v1/plans?limit=1").path("items").path(0).path("id").asLong();
        Report.times("%,d records: what is asked one by one, milliseconds".formatted(records));
        look("the first 50 rows of the preview of %,d changes".formatted(records / 50), "/api/v1/plans/" + plan + "/rows?limit=50");
        look("its summary", "/api/v1/plans/" + plan);
        double applied = Times.seconds(() -> rig.product.run("/api/v1/plans/" + plan + "/apply", "{}"));
        past();
        one(work);
        double lines = Times.seconds(() -> rig.product.download(THEN + "&format=jsonl", folder.resolve("then.jsonl")));
        Report.passes("%,d records: once, records a second".formatted(records));
        Report.pass("preview (dry run) of 1 % updated, 0.5 % new, 0.5 % deleted", records, dryRun);
        Report.pass("that preview applied", records / 50, applied);
        Report.pass("all of it as of the first snapshot, JSON lines", records, lines);
    }

    private void past() throws Exception {
        String then = rig.product.get(RECORDS + "8").path("since").asText();
        times.print("one record as of a moment", each -> send(RECORDS + id(each) + "?asOf=" + then), Doors::isFine);
        times.print("one record as of a snapshot", each -> send(RECORDS + id(each) + "?snapshot=1"), Doors::isFine);
        look("the first page of all as of a snapshot", "/api/v1/syncs/" + SYNC + "/entities/items/records?limit=50&snapshot=1");
        times.print("one record as it is", each -> send(RECORDS + id(each)), Doors::isFine);
    }

    private void one(Pairs work) throws Exception {
        work.limit("limit_doors", "page", Phase.CHANGED);
        times.print("one record refreshed, not changed: the limit program", each -> rig.limit.order("one limit_doors typed " + id(each)),
                "unchanged 1"::equals);
        times.print("one record refreshed, not changed: Syncline", this::refresh, report -> Pairs.tally(report).unchanged() == 1);
        times.print("one record refreshed, changed: the limit program", each -> {
            rig.post("/touch/" + id(each));
            return rig.limit.order("one limit_doors typed " + id(each));
        }, "changed 1"::equals);
        times.print("one record refreshed, changed: Syncline", each -> {
            rig.post("/touch/" + id(each));
            return refresh(each);
        }, report -> Pairs.tally(report).updated() == 1);
    }

    private JsonNode refresh(int each) throws Exception {
        return rig.product.run("/api/sync/" + SYNC + "/entity/items/" + id(each), null);
    }

    private void look(String what, String path) throws Exception {
        times.print(what, each -> send(path), Doors::isFine);
    }

    private HttpResponse<String> send(String path) throws Exception {
        return rig.product.send("GET", path, null);
    }

    private static boolean isFine(HttpResponse<String> answer) {
        return answer.statusCode() == 200;
    }

    /** Records that are there in both states, spread over all of them. */
    private int id(int each) {
        return each * 37 % (records / 100) * 100 + 1;
    }
}
