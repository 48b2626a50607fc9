package io.syncline.promises;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncline.RunningSyncline;
import io.syncline.promises.Visitor.Answered;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;

/** Measures deciding about many conflicts at once: run its main, with their number. Not a test, because timings are no truth. */
final class ManyConflictsSpeed {
    private ManyConflictsSpeed() {
    }

    public static void main(String[] arguments) throws IOException {
        int conflicts = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 100_000;
        try (Pricebook book = Pricebook.open(Files.createTempDirectory("syncline"), Map.of("syncline.api.patience", "20s"))) {
            book.full();
            ConflictDesk desk = new ConflictDesk(book);
            for (String decision : new String[] {"use_source", "use_local", "merged"}) {
                fill(book, conflicts, decision);
                long begin = System.nanoTime();
                JsonNode list = desk.vera.get(ConflictDesk.CONFLICTS + "?limit=100").json();
                told("list of 100 among " + list.path("counts").path("state").path("open").asLong(), begin);
                begin = System.nanoTime();
                JsonNode preview = desk.ann.post(ConflictDesk.CONFLICTS + "/resolutions", "{\"dryRun\": true, \"filter\": {}, \"decision\": \"" + decision
                        + "\"" + (decision.equals("merged") ? ", \"take\": {\"price\": \"theirs\"}" : "") + "}").json();
                told("preview of " + preview.path("conflicts").asLong() + " " + decision, begin);
                begin = System.nanoTime();
                Answered applied = desk.ann.post(ConflictDesk.CONFLICTS + "/resolutions", "{\"token\": \"" + preview.path("token").asText() + "\"}");
                told("answered " + applied.status() + " with " + applied.json().path("made").asLong() + " made", begin);
                while (book.count("syncline.conflict where state = 'open'") > 0) {
                    book.syncline.run(RunningSyncline.request("pricebook", io.syncline.run.Mode.PUSH));
                }
                told("all made", begin);
                Runtime memory = Runtime.getRuntime();
                System.out.printf("MEASURE heap in use %d MB%n", (memory.totalMemory() - memory.freeMemory()) >> 20);
            }
        }
        System.exit(0);
    }

    private static void told(String what, long begin) {
        System.out.printf("MEASURE %s: %.1f s%n", what, (System.nanoTime() - begin) / 1e9);
    }

    private static void fill(Pricebook book, int conflicts, String decision) {
        String document = "'{\"code\":\"M\",\"cost\":10,\"display_name\":\"Pump ' || n || '\",\"price\":%s}'";
        book.sql().sql("set session_replication_role = replica; insert into pricebook.materials (code, cost, display_name, price, document, hash, st_id,"
                + " st_hash, st_base, st_mapping, has_conflict, sync_status, snapshot_id, local_modified_at, local_modified_by, valid_from)"
                + " select 'M', 10, 'Pump ' || n, 25, " + document.formatted("25") + ", sha256(convert_to(" + document.formatted("25") + ", 'UTF8')), '"
                + decision + "' || n, sha256(convert_to(" + document.formatted("20") + ", 'UTF8')), " + document.formatted("20")
                + ", (select max(st_mapping) from pricebook.materials), true, 'conflict', (select max(id) from syncline.snapshot), now(), 'people', now()"
                + " from generate_series(1, " + conflicts + ") n; set session_replication_role = origin").update();
        book.sql().sql("insert into syncline.conflict (sync, entity, organisation, row_id, key, side, kind, reason, fields, base, theirs, ours,"
                + " theirs_hash, row_revision, run_id, detected_at, refreshed_at, state) select 'pricebook', 'materials', 'default', t.row_id, t.st_id, 'st',"
                + " 'changed-both', 'changed on both sides', '{price}', t.st_base, replace(t.document, '25}', '30}'), t.document,"
                + " sha256(convert_to(replace(t.document, '25}', '30}'), 'UTF8')), t.revision, (select max(id) from syncline.run), now(), now(), 'open'"
                + " from pricebook.materials t where t.has_conflict").update();
        book.sql().sql("analyze").update();
    }
}
