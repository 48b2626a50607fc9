package io.syncline.promises;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncline.RunningSyncline;
import io.syncline.access.Role;
import io.syncline.audit.AnchorFile;
import io.syncline.audit.AnchorsThere;
import io.syncline.audit.ChainProof;
import io.syncline.cli.Cli;
import io.syncline.sandbox.Entity;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Promise 20: whoever owns the database changes what is sealed, with every trigger switched off, and it is named. */
class TamperingTest {
    private static final long ID = 982_001;
    private static final String ROW = "row_id = (select row_id from pricebook.materials where st_id = '982001')";
    /** Every snapshot of the chain made anew from the tables as they stand now, as somebody would who knows how. */
    private static final String MADE_ANEW = """
            do $$
            declare
                one record;
                last bytea := sha256('');
                made record;
            begin
                for one in select * from syncline.snapshot where sync = 'pricebook' and organisation = 'default' order by number loop
                    select * into made from syncline.change_digest('pricebook', 'default', one.id, false);
                    update syncline.snapshot set previous = last, changes = made.changes, change_digest = made.digest,
                        digest = syncline.snapshot_digest(last, number, sealed_at, sync, organisation, run_id, made.changes, made.digest) where id = one.id
                        returning digest into last;
                end loop;
            end $$""";

    @TempDir
    private static Path folder;
    private static Pricebook book;
    private static Path anchors;

    @BeforeAll
    static void start() throws IOException {
        anchors = folder.resolve("anchors.jsonl");
        book = Pricebook.open(Files.createDirectory(folder.resolve("config")), Map.of("syncline.anchor.file", anchors.toString()));
        book.full();
        for (int price = 1; price <= 3; price++) {
            book.sandbox.clock().advance(Duration.ofHours(1));
            book.sandbox.put(Entity.MATERIALS, ID, "{\"code\": \"M\", \"displayName\": \"Pump\", \"price\": " + price + "}");
            book.incremental();
            decide();
        }
        book.sql().sql("update pricebook.materials set description = 'by hand' where st_id = ?").param(Long.toString(ID)).update();
        book.sandbox.clock().advance(Duration.ofHours(1));
        book.sandbox.put(Entity.MATERIALS, ID + 1, "{\"code\": \"N\", \"displayName\": \"Valve\", \"price\": 1}");
        book.incremental();
        book.sql().sql("update pricebook.materials set description = 'by hand again' where st_id = ?").param(Long.toString(ID)).update();
        book.sandbox.clock().advance(Duration.ofHours(1));
        book.incremental();
        book.incremental();
        assertThat(book.syncline.call("POST", "/api/v1/anchors", null).statusCode()).isEqualTo(201);
    }

    private static void decide() {
        assertThat(book.syncline.call("POST", "/api/v1/decisions", "{\"sync\": \"pricebook\", \"entity\": \"materials\", \"key\": \"" + ID
                + "\", \"what\": \"approval\", \"reason\": \"agreed\"}").statusCode()).isEqualTo(201);
    }

    @AfterAll
    static void stop() {
        book.close();
    }

    /** Does something as whoever owns the database, with triggers off, hands over what is found, and takes it back. */
    private static void tampered(String statement, Consumer<ChainProof.Result> found, AnchorFile.Content outside) {
        try (Connection connection = DriverManager.getConnection(book.database)) {
            connection.setAutoCommit(false);
            SingleConnectionDataSource one = new SingleConnectionDataSource(connection, true);
            JdbcClient sql = JdbcClient.create(one);
            sql.sql("set local session_replication_role = replica").update();
            int touched = sql.sql(statement).update();
            if (!statement.startsWith("do") && !statement.startsWith("truncate")) {
                assertThat(touched).as(statement).isPositive();
            }
            found.accept(ChainProof.on(one).verify("default", null, outside));
            connection.rollback();
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private static AnchorFile.Content outside() {
        return new AnchorFile(anchors).read();
    }

    @Test
    void untouchedItHolds() {
        tampered("do $$ begin end $$", found -> {
            assertThat(found.broken()).isEmpty();
            assertThat(found.anchors()).isEqualTo(3);
            assertThat(found.state()).isEqualTo("holds");
            assertThat(found.outside()).isEqualTo(new AnchorsThere("file", 1, 1, List.of(), 0, 0));
            assertThat(found.chains()).extracting(ChainProof.Chain::kind).containsExactlyInAnyOrder("snapshots", "decisions", "edit_seals");
        }, outside());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "snapshots | update pricebook.materials set document = replace(document, 'Pump', 'Lamp') where {row}",
        "snapshots | update pricebook.materials set display_name = 'Lamp' where {row}",
        "snapshots | update pricebook.materials set document = replace(document, 'Pump', 'Lamp'), "
            + " hash = sha256(convert_to(replace(document, 'Pump', 'Lamp'), 'UTF8')), display_name = 'Lamp' where {row}",
        "snapshots | update pricebook.materials set st_id = '7' where {row}",
        "snapshots | update pricebook.materials set deleted_at = valid_from, deleted_by_side = 'st' where {row}",
        "snapshots | update pricebook.materials set snapshot_id = 1 where {row}",
        "snapshots | delete from pricebook.materials where {row}",
        "snapshots | update pricebook.materials_history set document = replace(document, '2', '3') where {row} and position('2' in document) > 0",
        "snapshots | update pricebook.materials_history set valid_to = valid_to + interval '1 microsecond' where {row}",
        "snapshots | update pricebook.materials_history set to_snapshot = to_snapshot + 1 where {row} and from_snapshot < to_snapshot",
        "snapshots | update pricebook.materials_history set deleted = true where {row}",
        "snapshots | delete from pricebook.materials_history where {row}"
            + " and from_snapshot = (select min(from_snapshot) from pricebook.materials_history where {row})",
        "snapshots | insert into pricebook.materials_history select row_id, 99, org_id, st_id, 2, 3, '2020-01-01', '2020-01-02', false, document, hash"
            + " from pricebook.materials where {row}",
        "snapshots | update syncline.snapshot set sealed_at = sealed_at + interval '1 microsecond' where number = 2",
        "snapshots | update syncline.snapshot set changes = changes + 1 where number = 2",
        "snapshots | update syncline.snapshot set run_id = run_id + 1000 where number = 3",
        "snapshots | delete from syncline.snapshot where number = 2",
        "edit_seals | update syncline.local_edit set actor = 'Eve' where snapshot_id is not null",
        "edit_seals | update syncline.local_edit set edited_at = edited_at + interval '1 microsecond' where snapshot_id is not null",
        "edit_seals | update syncline.local_edit set after = replace(after, 'by hand', 'by foot') where snapshot_id is not null",
        "edit_seals | update syncline.local_edit set before = replace(before, 'Pump', 'Lamp') where snapshot_id is not null",
        "edit_seals | delete from syncline.local_edit where id = (select min(id) from syncline.local_edit where snapshot_id is not null)",
        "edit_seals | update syncline.edit_seal set edits = edits + 1 where number = 1",
        "edit_seals | delete from syncline.edit_seal where number = 1",
        "decisions | update syncline.decision set reason = 'never agreed' where number = 2",
        "decisions | update syncline.decision set document_sha256 = sha256('') where number = 2",
        "decisions | update syncline.decision set entry = replace(entry, 'agreed', 'denied') where number = 2",
        "decisions | update syncline.decision set digest = sha256('') where number = 2",
        "decisions | delete from syncline.decision where number = 1",
        "decisions | update syncline.decision set number = number + 10 where number = 3"})
    void whateverIsSealedAndChangedIsNamedWithoutAnyAnchor(String kind, String statement) {
        tampered(statement.replace("{row}", ROW), found -> {
            assertThat(found.broken()).extracting(ChainProof.Broken::kind).contains(kind);
            assertThat(found.broken()).allSatisfy(broken -> assertThat(broken.problem()).isNotBlank());
        }, null);
    }

    /** What it takes to hide it inside the database; what remains is that the anchor outside says otherwise. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "snapshots | has another digest than the anchor | update pricebook.materials set document = replace(document, 'Valve', 'Tap'),"
            + " hash = sha256(convert_to(replace(document, 'Valve', 'Tap'), 'UTF8')), st_hash = sha256(convert_to(replace(document, 'Valve', 'Tap'), 'UTF8')),"
            + " display_name = 'Tap' where st_id = '982002'",
        "snapshots | the chain ends at | delete from syncline.snapshot where sync = 'pricebook' and number = (select max(number) from syncline.snapshot)",
        "decisions | the chain ends at 2 | delete from syncline.decision where number = 3",
        "decisions | has another digest than the anchor | with e as (select number, previous, replace(entry, 'agreed', 'denied') as entry"
            + " from syncline.decision where number = 3) update syncline.decision d"
            + " set reason = 'denied', entry = e.entry, digest = syncline.ledger_digest(e.previous, syncline.ledger_content(e.entry))"
            + " from e where d.number = e.number",
        "decisions | the chain is gone | delete from syncline.decision"})
    void whatIsHiddenInsideIsCaughtByTheAnchorOutside(String kind, String problem, String statement) {
        String hidden = "do $do$ begin " + statement + "; delete from syncline.anchor; " + MADE_ANEW.replace("do $$", "execute $made$ do $$")
                .replace("end $$", "end $$ $made$") + "; end $do$";
        tampered(hidden, inside -> assertThat(inside.broken()).as("nothing inside tells").isEmpty(), null);
        tampered(hidden, outside -> assertThat(outside.broken()).anySatisfy(broken -> {
            assertThat(broken.kind()).isEqualTo(kind);
            assertThat(broken.problem()).contains(problem);
        }), outside());
    }

    /** Never a failure: what was changed is a link that does not hold. */
    @ParameterizedTest
    @ValueSource(strings = {"update syncline.entity set side = 'xy' where sync = 'pricebook' and entity = 'materials'",
        "update syncline.entity set entity = 'goods' where sync = 'pricebook' and entity = 'materials'",
        "do $$ begin alter table pricebook.materials_history rename column hash to digest; end $$",
        "do $$ begin drop table pricebook.materials cascade; end $$"})
    void tablesThatAreNotThoseThatWereSealedAreNamed(String statement) {
        tampered(statement, found -> {
            assertThat(found.broken()).extracting(ChainProof.Broken::kind).contains("snapshots");
            assertThat(found.broken()).allSatisfy(broken -> assertThat(broken.problem()).isNotBlank());
        }, outside());
    }

    @Test
    void anchorsThatAreGoneFromTheFileAreToldAndBreakNothing() throws IOException {
        String line = Files.readString(anchors);
        Path file = folder.resolve("cut.jsonl");
        Files.writeString(file, "");
        tampered("do $$ begin end $$", found -> {
            assertThat(found.holds()).isTrue();
            assertThat(found.state()).isEqualTo("anchors-missing");
            assertThat(found.outside().known()).isEqualTo(1);
            assertThat(found.outside().missing()).hasSize(1);
        }, new AnchorFile(file).read());
        tampered("do $$ begin end $$", found -> assertThat(found.state()).as("a file that is gone").isEqualTo("anchors-missing"),
                new AnchorFile(folder.resolve("never-there.jsonl")).read());
        Files.writeString(file, line.substring(0, line.length() / 2) + "\n\nnone either\n");
        tampered("do $$ begin end $$", found -> {
            assertThat(found.outside().missing()).hasSize(1);
            assertThat(found.outside().damaged()).isEqualTo(2);
        }, new AnchorFile(file).read());
        tampered("delete from syncline.anchor", found -> {
            assertThat(found.state()).as("the file knows more than the database").isEqualTo("holds");
            assertThat(found.outside()).isEqualTo(new AnchorsThere("file", 0, 0, List.of(), 1, 0));
        }, outside());
        assertThat(command("--anchor", file.toString())).startsWith("3 ").contains("default: 0 of the 1 anchors that were written to the file stand in",
                "MISSING default: 1, from number 1 of ", "[1, 3]", "All chains hold, but anchors are missing.");
        assertThat(RunningSyncline.json(command("--json", "--anchor", file.toString()).substring(2)).path("outside").path("default").path("missing"))
                .hasSize(1);
    }

    @Test
    void sealedTablesRefuseTheirOwner() {
        for (String statement : List.of("update syncline.decision set reason = 'x'", "delete from syncline.decision", "truncate syncline.decision",
                "update syncline.edit_seal set edits = 2", "delete from syncline.edit_seal", "truncate syncline.edit_seal",
                "update syncline.anchor set line = 'x'",
                "delete from syncline.anchor", "truncate syncline.anchor", "delete from syncline.snapshot", "delete from pricebook.materials_history",
                "update syncline.local_edit set actor = 'x'")) {
            assertThatThrownBy(() -> book.sql().sql(statement).update()).as(statement).isInstanceOf(DataAccessException.class)
                    .rootCause().hasMessageContaining("refused");
        }
    }

    @Test
    void theDoorVerifiesInTheBackgroundAndTellsHowItEnded() {
        Visitor operator = Visitor.of(book.syncline, "Olga", "default", Role.OPERATOR);
        Visitor viewer = Visitor.of(book.syncline, "Vera", "default", Role.VIEWER);
        assertThat(viewer.post("/api/v1/syncs/pricebook/chain/verify", null).status()).isEqualTo(403);
        assertThat(operator.send("POST", "/api/v1/syncs/pricebook/chain/verify", null, "Idempotency-Key", "verify").status()).isEqualTo(201);
        Pricebook.until(() -> !verification(viewer).path("state").asText().equals("running"));
        JsonNode held = verification(viewer);
        assertThat(held.path("state").asText()).as(held.toString()).isEqualTo("holds");
        assertThat(held.path("askedBy").asText()).isEqualTo("Olga");
        assertThat(held.path("anchors").path("found").asInt()).isOne();
        assertThat(held.path("anchors").path("missing")).isEmpty();
        JsonNode chain = viewer.get("/api/v1/syncs/pricebook/chain").json();
        assertThat(held.path("newest").asLong()).isEqualTo(chain.path("newest").path("number").asLong()).isPositive();
        assertThat(chain.path("anchored").get(0).path("digest").asText()).isEqualTo(chain.path("newest").path("digest").asText());
        assertThat(viewer.get("/api/v1/activity?action=chain-verified").json().path("items").get(0).path("detail").asText()).isEqualTo("holds");
        book.sql().sql("insert into syncline.chain_check (organisation, sync, asked_by) values ('default', 'pricebook', 'a process that died')").update();
        assertThat(verification(viewer).path("state").asText()).isEqualTo("interrupted");
    }

    private static JsonNode verification(Visitor viewer) {
        return viewer.get("/api/v1/syncs/pricebook/chain").json().path("verification");
    }

    @Test
    void theCommandSaysWhichLinkIsBroken() throws IOException {
        assertThat(command()).startsWith("0 ").contains("default, decisions: 3, newest", "All chains hold.", "3 anchored links were compared.");
        assertThat(command("pricebook", "--json")).startsWith("0 ").contains("\"holds\" : true");
        assertThat(command("nothing-like-it")).startsWith("1 There is no snapshot of nothing-like-it");
        Path other = Files.writeString(folder.resolve("other.jsonl"), Files.readString(anchors).replaceFirst("\"number\":[0-9]+", "\"number\":4711")
                + "half a li");
        assertThat(command("--anchor", other.toString())).startsWith("2 ").contains(
                "BROKEN default, snapshots of pricebook: number 4711 is not there, though the anchor of",
                "[2]", "Not all chains hold.");
        assertThat(RunningSyncline.json(command("--json", "--anchor", other.toString()).substring(2)).path("broken").get(0).path("kind").asText())
                .isEqualTo("snapshots");
        assertThat(command("--anchor", folder.resolve("none").toString())).startsWith("1 ");
    }

    private static String command(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream told = new PrintStream(out, true, StandardCharsets.UTF_8);
        List<String> all = new ArrayList<>(List.of("verify-chain", "--syncline.database.url=" + book.database, "--syncline.anchor.file=" + anchors));
        all.addAll(List.of(arguments));
        return Cli.run(all, told, told, server -> { }) + " " + out.toString(StandardCharsets.UTF_8);
    }
}
