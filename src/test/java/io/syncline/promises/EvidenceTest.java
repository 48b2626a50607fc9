package io.syncline.promises;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.syncline.access.Role;
import io.syncline.audit.Bundle;
import io.syncline.audit.EvidencePage;
import io.syncline.audit.NotProven;
import io.syncline.audit.Proof;
import io.syncline.cli.Cli;
import io.syncline.promises.Visitor.Answered;
import io.syncline.sandbox.Entity;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

/** Somebody decides, half a year goes by, and an auditor asks what was seen then. */
class EvidenceTest {
    private static final String DECISIONS = "/api/v1/decisions";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long ID = 981_001;
    private static final long PERSON = 981_501;

    @TempDir
    private static Path folder;
    private static Pricebook book;
    private static Visitor operator;
    private static Visitor viewer;
    private static Visitor auditor;
    private static Visitor admin;
    private static Path anchors;
    /** What the record said when it was decided about, and in which snapshot. */
    private static String then;
    private static long snapshot;
    private static long number;
    private static long erased;
    private static Bundle bundle;

    @BeforeAll
    static void decideAndLetTimeGoBy() throws IOException {
        anchors = folder.resolve("anchors.jsonl");
        Pricebook before = Pricebook.open(Files.createDirectory(folder.resolve("config")), Map.of("syncline.anchor.file", anchors.toString()));
        before.full();
        before.sandbox.clock().advance(Duration.ofHours(1));
        before.sandbox.put(Entity.MATERIALS, ID, "{\"code\": \"M\", \"displayName\": \"<b>Pümpe</b> \\u202e\\\"x\\\"\", \"price\": 20.50,"
                + " \"cost\": 9007199254740993}");
        before.incremental();
        before.sandbox.put(Entity.MATERIALS, PERSON, "{\"code\": \"P\", \"displayName\": \"Frau Huber, Linz\"}");
        before.incremental();
        then = before.columns("materials", ID, "document");
        snapshot = before.one("select max(number) from syncline.snapshot", Long.class);
        before.sandbox.clock().advance(Duration.ofHours(1));
        before.sandbox.put(Entity.MATERIALS, ID, "{\"price\": 99}");
        before.incremental();
        number = Visitor.of(before.syncline, "Otto", "default", Role.OPERATOR).post(DECISIONS, decision(snapshot, "The price was agreed\nby telephone."))
                .json().path("number").asLong();
        erased = Visitor.of(before.syncline, "Ossi", "default", Role.OPERATOR).post(DECISIONS, about(PERSON)).json().path("number").asLong();
        for (int month = 1; month <= 5; month++) {
            before.sandbox.clock().advance(Duration.ofDays(30));
            before.sandbox.put(Entity.MATERIALS, ID, "{\"price\": " + month + "}");
            before.sandbox.put(Entity.MATERIALS, ID + month, "{\"code\": \"N\", \"displayName\": \"new " + month + "\"}");
            before.sql().sql("update pricebook.materials set description = ? where st_id = (select min(st_id) from pricebook.materials_live)")
                    .param("edited in month " + month).update();
            before.incremental();
        }
        before.sandbox.put(Entity.MATERIALS, ID, "{\"active\": false}");
        before.sandbox.put(Entity.MATERIALS, PERSON, "{\"active\": false}");
        before.full();
        before.stop();
        Path sync = folder.resolve("config/syncs/pricebook.yaml");
        Files.writeString(sync, Files.readString(sync).replace("      cost: decimal\n", "      cost: {type: decimal, from: hours, to: nowhere}\n"));
        book = before.another(Map.of("syncline.anchor.file", anchors.toString()));
        book.incremental();
        operator = Visitor.of(book.syncline, "Olga", "default", Role.OPERATOR);
        viewer = Visitor.of(book.syncline, "Vera", "default", Role.VIEWER);
        auditor = Visitor.of(book.syncline, "Anna", "default", Role.REVIEWER);
        admin = Visitor.of(book.syncline, "Ada", "default", Role.ADMIN);
        operator.post(DECISIONS, about(book.anyOf(Entity.MATERIALS)));
        assertThat(admin.post("/api/v1/anchors", null).status()).isEqualTo(201);
        bundle = Bundle.read(auditor.get(DECISIONS + "/" + number + "/evidence").text());
    }

    @AfterAll
    static void stop() {
        book.close();
    }

    private static String decision(Long of, String reason) {
        ObjectNode body = JSON.createObjectNode().put("sync", "pricebook").put("entity", "materials").put("key", Long.toString(ID)).put("what", "approval")
                .put("reason", reason).put("documentSha256", "AB".repeat(32));
        return (of == null ? body : body.put("snapshot", of)).toString();
    }

    private static String about(long key) {
        return "{\"sync\": \"pricebook\", \"entity\": \"materials\", \"key\": \"" + key + "\", \"what\": \"dispatch\", \"reason\": \"urgent\"}";
    }

    private static String evidence(String format) {
        return auditor.get(DECISIONS + "/" + number + "/evidence?format=" + format).text();
    }

    @Test
    void monthsLaterTheEvidenceHoldsTheBytesOfThen() {
        assertThat(bundle.document()).isEqualTo(then).contains("9007199254740993", "20.5", "Pümpe");
        Proof proof = Proof.of(bundle);
        assertThat(proof.decision().actor()).isEqualTo("Otto");
        assertThat(proof.decision().reason()).isEqualTo("The price was agreed\nby telephone.");
        assertThat(proof.decision().documentSha256()).isEqualTo("ab".repeat(32));
        assertThat(proof.seen().number()).isEqualTo(snapshot);
        assertThat(proof.newest().number()).isEqualTo(proof.snapshots().number()).isGreaterThan(snapshot + 6);
        assertThat(proof.snapshots()).isNotNull();
        assertThat(proof.decisions()).isNotNull();
        assertThat(bundle.run().mode()).isEqualTo("incremental");
        assertThat(book.count("syncline.verify_chain('pricebook')")).isZero();
        assertThat(book.count("syncline.verify_ledgers('default')")).isZero();
    }

    @Test
    void aDecisionAboutALargerSnapshotHasItsPlaceAmongManyLines() throws IOException {
        long other = operator.post(DECISIONS, about(book.anyOf(Entity.MATERIALS))).json().path("number").asLong();
        Bundle first = Bundle.read(auditor.get(DECISIONS + "/" + other + "/evidence").text());
        Proof proof = Proof.of(first);
        assertThat(proof.neighbours()).isPositive();
        assertThat(proof.decisions()).as("made after the anchor").isNull();
        assertThat(proof.snapshots()).isNotNull();
        assertThat(refused(first)).isGreaterThan(60);
    }

    @Test
    void anyByteOfAnyProvingPartMatters() throws IOException {
        assertThat(bundle.decision().following()).isNotEmpty();
        assertThat(bundle.snapshots()).hasSizeGreaterThan(6);
        assertThat(refused(bundle)).isGreaterThan(400);
    }

    /** As a forger would have it checked, who made the checksum anew. */
    private static Proof proof(JsonNode tree) throws IOException {
        return Proof.of(JSON.treeToValue(tree, Bundle.class));
    }

    /** How many changes of one character were refused, each of them; none was accepted. */
    private static int refused(Bundle good) throws IOException {
        ObjectNode tree = JSON.valueToTree(good);
        assertThat(proof(tree)).isNotNull();
        int refused = 0;
        for (List<Object> place : places(tree)) {
            String text = at(tree, place).textValue();
            int step = Math.max(1, text.length() / 60);
            for (int at = 0; at < text.length(); at += step) {
                char changed = text.charAt(at) == '7' ? '8' : '7';
                set(tree, place, text.substring(0, at) + changed + text.substring(at + 1));
                assertThat(catchThrowable(() -> proof(tree))).as("%s, character %d", place, at).isInstanceOf(NotProven.class);
                refused++;
            }
            for (String other : List.of(text + "0", text + "00".repeat(32), text.toUpperCase(java.util.Locale.ROOT))) {
                if (!other.equals(text)) {
                    set(tree, place, other);
                    assertThat(catchThrowable(() -> proof(tree))).as("%s: %s", place, other).isInstanceOf(NotProven.class);
                }
            }
            set(tree, place, text);
        }
        for (String list : List.of("/snapshots", "/decision/following", "/change/entitiesBefore", "/change/entitiesAfter")) {
            ArrayNode items = (ArrayNode) tree.at(list);
            for (int at = 0; at < items.size(); at++) {
                JsonNode removed = items.remove(at);
                assertThat(catchThrowable(() -> proof(tree))).as("%s without %s", list, removed).isInstanceOf(NotProven.class);
                items.insert(at, removed);
                refused++;
            }
        }
        return refused;
    }

    /** Where texts stand that prove something. Of anchors, those that name a digest are tried apart. */
    private static List<List<Object>> places(JsonNode tree) {
        List<List<Object>> places = new ArrayList<>(List.of(List.of("document"), List.of("decision", "text"), List.of("decision", "previous")));
        for (String name : List.of("linesBefore", "linesAfter", "thousandsBefore", "thousandsAfter")) {
            places.add(List.of("change", name));
        }
        for (String name : List.of("entitiesBefore", "entitiesAfter")) {
            for (int at = 0; at < tree.path("change").path(name).size(); at++) {
                places.add(List.of("change", name, at, "entity"));
                places.add(List.of("change", name, at, "digest"));
            }
        }
        for (int at = 0; at < tree.path("snapshots").size(); at++) {
            places.add(List.of("snapshots", at));
        }
        for (int at = 0; at < tree.path("decision").path("following").size(); at++) {
            places.add(List.of("decision", "following", at));
        }
        places.removeIf(place -> at(tree, place).textValue().isEmpty());
        return places;
    }

    private static JsonNode at(JsonNode tree, List<Object> place) {
        JsonNode node = tree;
        for (Object step : place) {
            node = step instanceof Integer index ? node.get(index) : node.get((String) step);
        }
        return node;
    }

    private static void set(JsonNode tree, List<Object> place, String text) {
        JsonNode holder = at(tree, place.subList(0, place.size() - 1));
        Object last = place.get(place.size() - 1);
        if (last instanceof Integer index) {
            ((ArrayNode) holder).set(index, TextNode.valueOf(text));
        } else {
            ((ObjectNode) holder).set((String) last, TextNode.valueOf(text));
        }
    }

    @Test
    void aDigestInAnAnchorThatIsAnotherIsRefused() {
        String line = bundle.anchors().get(0);
        int from = line.indexOf("\"digest\":\"") + 10;
        for (int at = from; at < from + 64; at += 7) {
            String changed = line.substring(0, at) + (line.charAt(at) == 'a' ? 'b' : 'a') + line.substring(at + 1);
            assertThatThrownBy(() -> Proof.against(bundle, List.of(changed))).isInstanceOf(NotProven.class).hasMessageContaining("another digest");
        }
        assertThat(Proof.against(bundle, List.of()).snapshots()).isNull();
    }

    @Test
    void thePageIsCheckedAsAWhole() {
        String page = evidence("html");
        assertThat(EvidencePage.read(page).document()).isEqualTo(then);
        assertThat(page).contains("This evidence holds in itself.", "&lt;b&gt;Pümpe&lt;/b&gt; <span class=\"u\">U+202E</span>", "9007199254740993")
                .doesNotContain("<b>Pümpe", "<script", "http://", "https://");
        for (int at = 0; at < page.length(); at += 211) {
            String changed = page.substring(0, at) + (page.charAt(at) == '5' ? '6' : '5') + page.substring(at + 1);
            assertThat(catchThrowable(() -> EvidencePage.read(changed)))
                    .as("character %d: %s", at, page.substring(Math.max(0, at - 30), Math.min(page.length(), at + 30))).isInstanceOf(NotProven.class);
        }
    }

    @Test
    void theCommandNeedsNoServer() throws IOException {
        Path json = Files.writeString(folder.resolve("decision.json"), evidence("json"));
        Path page = Files.writeString(folder.resolve("decision.html"), evidence("html"));
        Path changed = Files.writeString(folder.resolve("changed.json"), evidence("json").replace("20.5", "20.4"));
        ObjectNode forged = (ObjectNode) JSON.readTree(evidence("json"));
        forged.put("document", forged.path("document").asText().replace("20.5", "20.4"));
        Path none = Files.writeString(folder.resolve("none.jsonl"), "");
        assertThat(run("evidence", json.toString())).startsWith("0 This evidence holds in itself: Otto of default decided \"approval\"").contains("20.5",
                "An anchor in the evidence, to be compared with one kept elsewhere, covers the decision");
        assertThat(run("evidence", page.toString(), "--anchor", anchors.toString())).startsWith("0 This evidence holds: Otto")
                .contains("The anchor of", "covers the snapshots up to number");
        assertThat(run("evidence", page.toString(), "--anchor", none.toString())).startsWith("2 ").contains("nothing shows that they were not made anew");
        assertThat(run("evidence", changed.toString())).startsWith("2 This evidence does not hold. The bundle is not as it was made");
        assertThatThrownBy(() -> proof(forged)).hasMessageContaining("The document is not the one that was decided about");
        assertThat(run("evidence", changed.toString(), "--json")).startsWith("2 ").contains("\"holds\" : false");
        assertThat(run("evidence", json.toString(), "--json")).startsWith("0 ").contains("\"anchored\" : true");
        assertThat(run("evidence", folder.resolve("nowhere.json").toString())).startsWith("1 ");
        assertThat(run("evidence", Files.writeString(folder.resolve("text.json"), "[1").toString())).startsWith("2 ").contains("no bundle of evidence");
    }

    private static String run(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream told = new PrintStream(out, true, StandardCharsets.UTF_8);
        Integer end = Cli.run(List.of(arguments), told, told, server -> {
            throw new AssertionError("no server is needed");
        });
        return end + " " + out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aDecisionIsOnlyAboutWhatIsInTheSnapshot() {
        assertThat(operator.post(DECISIONS, decision(1L, "too early")).code()).isEqualTo("not-in-snapshot");
        assertThat(operator.post(DECISIONS, decision(null, "deleted by now")).code()).isEqualTo("not-in-snapshot");
        assertThat(operator.post(DECISIONS, decision(100_000L, "not yet")).code()).isEqualTo("no-such-snapshot");
        assertThat(operator.post(DECISIONS, about(4711_4711)).code()).isEqualTo("no-such-record");
        assertThat(operator.post(DECISIONS, about(1).replace("materials", "nothing")).code()).isEqualTo("unknown-target");
        Answered wrong = operator.post(DECISIONS, "{\"sync\": \"pricebook\", \"what\": \"a\\nb\", \"reason\": \"\\u0000\", "
                + "\"documentSha256\": \"x\", \"actor\": \"Eve\"}");
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.json().path("errors").findValuesAsText("pointer")).contains("/actor", "/entity", "/key", "/what", "/reason", "/documentSha256");
    }

    @Test
    void whoMayDoWhatAndOnce() {
        assertThat(viewer.post(DECISIONS, about(1)).status()).isEqualTo(403);
        assertThat(operator.get(DECISIONS + "/" + number + "/evidence").status()).isEqualTo(403);
        assertThat(operator.post("/api/v1/anchors", null).status()).isEqualTo(403);
        String body = about(book.anyOf(Entity.MATERIALS));
        Answered once = operator.send("POST", DECISIONS, body, "Idempotency-Key", "only-once");
        Answered again = operator.send("POST", DECISIONS, body, "Idempotency-Key", "only-once");
        assertThat(again.text()).isEqualTo(once.text());
        long made = once.json().path("number").asLong();
        assertThat(first(DECISIONS + "?actor=Olga&entity=materials&sync=pricebook&limit=1").path("number").asLong()).isEqualTo(made);
        JsonNode first = viewer.get(DECISIONS + "?key=" + ID + "&from=2020-01-01T00:00:00Z").json();
        assertThat(first.path("items").findValuesAsText("number")).containsExactly(Long.toString(number));
        assertThat(viewer.get(DECISIONS + "?to=2020-01-01T00:00:00Z").json().path("items")).isEmpty();
        JsonNode page = viewer.get(DECISIONS + "?limit=1").json();
        assertThat(viewer.get(DECISIONS + "?limit=1&cursor=" + page.path("next").asText()).json().path("items").get(0).path("number").asLong())
                .isEqualTo(page.path("items").get(0).path("number").asLong() - 1);
        assertThat(viewer.get(DECISIONS + "/" + number).json().path("hash").asText()).isEqualTo(Proof.of(bundle).decision().hash());
        assertThat(first("/api/v1/activity?action=evidence-read&actor=Anna").path("detail").asText()).startsWith("decision ");
        assertThat(first("/api/v1/activity?action=decision-made&actor=Otto").path("key").asText()).isEqualTo(Long.toString(ID));
    }

    private static JsonNode first(String list) {
        return viewer.get(list).json().path("items").get(0);
    }

    @Test
    void evidenceEndsWithTheFirstAnchorThatCoversIt() throws IOException {
        operator.post(DECISIONS, about(book.anyOf(Entity.MATERIALS)));
        book.incremental();
        book.full();
        assertThat(admin.post("/api/v1/anchors", null).status()).isEqualTo(201);
        Bundle later = Bundle.read(auditor.get(DECISIONS + "/" + number + "/evidence").text());
        assertThat(later.snapshots()).isEqualTo(bundle.snapshots());
        assertThat(later.decision()).isEqualTo(bundle.decision());
        assertThat(later.anchors()).isEqualTo(bundle.anchors());
        assertThat(Proof.against(later, Files.readAllLines(anchors)).snapshots()).as("against every line of the file").isNotNull();
    }

    @Test
    void whatWasErasedIsGoneAndItsPlaceInTheChainStillProven() throws IOException {
        Answered gone = admin.post("/api/v1/syncs/pricebook/entities/materials/records/" + PERSON + "/erase",
                "{\"reason\": \"asked for by the person\", \"evenIfDecided\": true}");
        assertThat(gone.status()).as(gone.text()).isEqualTo(200);
        Answered told = auditor.get(DECISIONS + "/" + erased + "/evidence");
        assertThat(told.text()).doesNotContain("Huber");
        Proof proof = Proof.of(Bundle.read(told.text()));
        assertThat(proof.decision().key()).isEqualTo(Long.toString(PERSON));
        assertThat(auditor.get(DECISIONS + "/" + erased + "/evidence?format=html").text()).contains("Its content was erased.", "Ada",
                "asked for by the person").doesNotContain("Huber");
        assertThat(proof.removed().actor() + ": " + proof.removed().reason()).isEqualTo("Ada: asked for by the person");
        ObjectNode silent = (ObjectNode) JSON.readTree(told.text());
        silent.putNull("removal");
        assertThatThrownBy(() -> proof(silent)).hasMessageContaining("no entry says who removed it");
        ObjectNode others = (ObjectNode) JSON.readTree(told.text());
        ((ObjectNode) others.path("removal")).put("text", others.path("removal").path("text").asText().replaceFirst("\"row_id\":[0-9]+", "\"row_id\":1"));
        assertThatThrownBy(() -> proof(others)).hasMessageContaining("not about this record");
        assertThat(book.count("syncline.verify_ledgers('default')")).isZero();
    }

    @Test
    void anotherOrganisationHasALedgerOfItsOwn() {
        Visitor stranger = Visitor.of(book.syncline, "Zed", "globex", Role.ADMIN);
        assertThat(stranger.get(DECISIONS).json().path("items")).isEmpty();
        assertThat(stranger.get(DECISIONS + "/" + number).status()).isEqualTo(404);
        assertThat(stranger.get(DECISIONS + "/" + number + "/evidence").status()).isEqualTo(404);
        assertThat(stranger.get("/api/v1/anchors").json().path("items")).isEmpty();
        assertThat(stranger.post(DECISIONS, about(book.anyOf(Entity.MATERIALS))).code()).isEqualTo("unknown-target");
    }
}
