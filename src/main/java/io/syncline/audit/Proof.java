package io.syncline.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a bundle proves, computed from it alone: no database, no server, no configuration.
 *
 * @param broughtBy  the snapshot that the version began with
 * @param seen       the snapshot that was looked at
 * @param newest     the last one that the bundle knows
 * @param lastNumber of the newest decision that the bundle knows
 * @param neighbours how many other versions stand in the same thousand rows
 * @param snapshots  the newest anchor that the snapshots up to the one looked at agree with, or null
 * @param decisions  the same of the decision
 * @param removed    who erased the content, as the ledger of removals says; null where the content is there
 */
public record Proof(Stated decision, Header broughtBy, Header seen, Header newest, long lastNumber, int neighbours, Covered snapshots, Covered decisions,
                    Removed removed) {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String SNAPSHOTS = "snapshots";
    private static final String DECISIONS = "decisions";

    /** What the entry says. */
    public record Stated(long number, Instant at, String organisation, String actor, String what, String reason, String documentSha256, String sync,
                         String entity, long row, String key, long snapshot, String snapshotDigest, Instant since, String hash) {
    }

    /** An anchor, and how far it covers the chain. */
    public record Covered(Instant at, long number) {
    }

    /** By whom, when and why the content was erased; the number is that of the entry among the organisation's removals. */
    public record Removed(long number, Instant at, String actor, String reason) {
    }

    /** @throws NotProven with the first thing that does not hold */
    public static Proof of(Bundle bundle) {
        Stated decision = stated(bundle.decision().text());
        byte[] hash = Hex.bytes(decision.hash(), "The hash in the decision");
        if (bundle.document() != null && !Arrays.equals(Hex.sha256(bundle.document()), hash)) {
            throw new NotProven("The document is not the one that was decided about: its SHA-256 is another.");
        }
        List<String> ledger = ledger(bundle.decision());
        List<Header> headers = chain(bundle.snapshots());
        Header first = headers.get(0);
        if (!headers.get(headers.size() - 1).digest().equals(bundle.heads().snapshots()) || !ledger.get(ledger.size() - 1).equals(bundle.heads().decisions())) {
            throw new NotProven("A chain does not end with the digest that the installation said it has there.");
        }
        int neighbours = change(bundle.change(), decision, hash, first);
        Header seen = headers.stream().filter(header -> header.number() == decision.snapshot()).findFirst()
                .orElseThrow(() -> new NotProven("Snapshot " + decision.snapshot() + ", which was looked at, is not in the chain that is shown."));
        if (!seen.digest().equals(decision.snapshotDigest())) {
            throw new NotProven("Snapshot " + seen.number() + " is not the one that was looked at: its digest is another.");
        }
        if (!first.sync().equals(decision.sync()) || !first.organisation().equals(decision.organisation()) || first.run() != bundle.run().run()) {
            throw new NotProven("The snapshots are of another sync, organisation or run than the bundle says.");
        }
        Covered anchoredSnapshots = null;
        Covered anchoredDecisions = null;
        for (String text : bundle.anchors()) {
            AnchorLine line = AnchorLine.read(text).filter(each -> each.organisation().equals(decision.organisation()))
                    .orElseThrow(() -> new NotProven("An anchor of the bundle cannot be read, or is another organisation's."));
            anchoredSnapshots = newer(anchoredSnapshots, covered(line, line.of(SNAPSHOTS, decision.sync()), first.number(),
                    headers.stream().map(Header::digest).toList(), seen.number()));
            anchoredDecisions = newer(anchoredDecisions, covered(line, line.of(DECISIONS, null), decision.number(), ledger, decision.number()));
        }
        return new Proof(decision, first, seen, headers.get(headers.size() - 1), decision.number() + ledger.size() - 1, neighbours, anchoredSnapshots,
                anchoredDecisions, removed(bundle, decision));
    }

    /** Of the organisation's anchors outside, those that this agrees with; what they say of the chains in between is compared as well. */
    public static Proof against(Bundle bundle, List<String> anchors) {
        Stated decision = stated(bundle.decision().text());
        return of(bundle.anchoredBy(anchors.stream()
                .filter(line -> AnchorLine.read(line).filter(each -> each.organisation().equals(decision.organisation())).isPresent()).toList()));
    }

    private static Stated stated(String entry) {
        try {
            JsonNode said = JSON.readTree(entry);
            if (said == null || !said.isObject()) {
                throw new NotProven("The decision's entry is not of the form that entries have.");
            }
            return new Stated(said.path("number").asLong(), OffsetDateTime.parse(text(said, "at")).toInstant(), text(said, "organisation"),
                    text(said, "actor"), text(said, "what"), text(said, "reason"), digits(said.path("document_sha256").asText(null)), text(said, "sync"),
                    text(said, "entity"), said.path("row_id").asLong(), said.path("key").asText(null), said.path("snapshot").asLong(),
                    digits(text(said, "snapshot_digest")), OffsetDateTime.parse(text(said, "valid_from")).toInstant(), digits(text(said, "hash")));
        } catch (JsonProcessingException | DateTimeException e) {
            throw new NotProven("The decision's entry is not of the form that entries have.");
        }
    }

    /** Content is missing with an entry about this very record, or not at all. */
    private static Removed removed(Bundle bundle, Stated decision) {
        if (bundle.document() != null) {
            if (bundle.removal() != null) {
                throw new NotProven("The bundle holds the document, and says that it was erased.");
            }
            return null;
        }
        if (bundle.removal() == null) {
            throw new NotProven("The document is missing, and no entry says who removed it.");
        }
        try {
            JsonNode said = JSON.readTree(bundle.removal().text());
            if (said == null || !said.isObject() || !decision.organisation().equals(said.path("organisation").asText())
                    || !decision.sync().equals(said.path("sync").asText()) || !decision.entity().equals(said.path("entity").asText())
                    || said.path("row_id").asLong() != decision.row() || !said.path("decided").asBoolean()) {
                throw new NotProven("The entry that says why the document is missing is not about this record.");
            }
            return new Removed(said.path("number").asLong(), OffsetDateTime.parse(text(said, "at")).toInstant(), text(said, "actor"), text(said, "reason"));
        } catch (JsonProcessingException | DateTimeException e) {
            throw new NotProven("The entry that says why the document is missing is not of the form that entries have.");
        }
    }

    private static String text(JsonNode said, String member) {
        if (!said.path(member).isTextual()) {
            throw new NotProven("An entry does not say its " + member + ".");
        }
        return said.path(member).textValue();
    }

    /** PostgreSQL writes bytes as {@code \x} and their digits. */
    private static String digits(String bytes) {
        return bytes == null ? null : bytes.startsWith("\\x") ? bytes.substring(2) : bytes;
    }

    /** The digests of the decision's entry and of all after it. */
    private static List<String> ledger(Bundle.Entry entry) {
        List<String> digests = new ArrayList<>();
        byte[] digest = linked(Hex.bytes(entry.previous(), "The digest before the decision"), Hex.of(Hex.sha256(entry.text())));
        digests.add(Hex.of(digest));
        for (String following : entry.following()) {
            digest = linked(digest, following);
            digests.add(Hex.of(digest));
        }
        return digests;
    }

    private static byte[] linked(byte[] previous, String content) {
        return Hex.sha256(previous, content.getBytes(StandardCharsets.UTF_8));
    }

    private static List<Header> chain(List<String> texts) {
        if (texts.isEmpty()) {
            throw new NotProven("The bundle shows no snapshot.");
        }
        List<Header> headers = texts.stream().map(Header::of).toList();
        for (int at = 1; at < headers.size(); at++) {
            Header before = headers.get(at - 1);
            Header header = headers.get(at);
            if (!header.previous().equals(before.digest()) || header.number() != before.number() + 1 || !header.sealedAt().isAfter(before.sealedAt())
                    || !header.sync().equals(before.sync()) || !header.organisation().equals(before.organisation())) {
                throw new NotProven("Snapshot " + header.number() + " does not follow from snapshot " + before.number() + ".");
            }
        }
        return headers;
    }

    /** The version's line is part of what its snapshot changed; answers how many others are in its thousand. */
    private static int change(Bundle.Change change, Stated decision, byte[] hash, Header header) {
        byte[] line = SealedLines.live(decision.row(), decision.since(), decision.key(), hash);
        byte[] before = Hex.bytes(change.linesBefore(), "A line before the version's");
        byte[] after = Hex.bytes(change.linesAfter(), "A line after the version's");
        long thousand = decision.row() / SealedLines.ROWS;
        int neighbours = SealedLines.count(before, thousand, null, line) + SealedLines.count(after, thousand, line, null);
        byte[] entity = Hex.sha256(digests(change.thousandsBefore()), Hex.sha256(before, line, after), digests(change.thousandsAfter()));
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        change.entitiesBefore().forEach(part -> append(whole, part.entity(), Hex.bytes(part.digest(), "An entity's digest")));
        append(whole, decision.entity(), entity);
        change.entitiesAfter().forEach(part -> append(whole, part.entity(), Hex.bytes(part.digest(), "An entity's digest")));
        if (!Hex.of(Hex.sha256(whole.toByteArray())).equals(header.change())) {
            throw new NotProven("The version is not part of what snapshot " + header.number() + " sealed: the digest of its changes is another.");
        }
        return neighbours;
    }

    private static byte[] digests(String digits) {
        byte[] bytes = Hex.bytes(digits, "A digest of other rows");
        if (bytes.length % 32 != 0) {
            throw new NotProven("The digests of the other rows are not whole.");
        }
        return bytes;
    }

    private static void append(ByteArrayOutputStream whole, String entity, byte[] digest) {
        whole.writeBytes(entity.getBytes(StandardCharsets.UTF_8));
        whole.write(0);
        whole.writeBytes(digest);
    }

    /** Null where the anchor says nothing about this part of the chain, or was made too early to cover it. */
    private static Covered covered(AnchorLine line, Optional<AnchorLine.Link> anchored, long first, List<String> digests, long needed) {
        if (anchored.isEmpty() || anchored.get().number() < first) {
            return null;
        }
        AnchorLine.Link link = anchored.get();
        long last = first + digests.size() - 1;
        if (link.number() > last) {
            // It was made after the bundle, and says nothing about what the bundle shows.
            return null;
        }
        if (!link.digest().equals(digests.get((int) (link.number() - first)))) {
            throw new NotProven("The anchor of " + line.at() + " has another digest for number " + link.number() + " of the " + link.kind()
                    + ". The chain was made anew, or the anchor is another installation's.");
        }
        return link.number() < needed ? null : new Covered(Instant.parse(line.at()), link.number());
    }

    private static Covered newer(Covered one, Covered other) {
        return one == null || other != null && other.at().isAfter(one.at()) ? other : one;
    }
}
