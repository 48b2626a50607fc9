package io.syncline.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A bundle as one page that needs nothing else: no script, no request, one style that its policy names by its hash. It is made of the bundle alone and holds
 * it, so that whoever has the page can check both, and that the page says what the bundle proves.
 */
public final class EvidencePage {
    private static final String STYLE = style();
    private static final String POLICY = "default-src 'none'; style-src 'sha256-"
            + Base64.getEncoder().encodeToString(Hex.sha256(STYLE)) + "'; base-uri 'none'; form-action 'none'";
    private static final Pattern BUNDLE = Pattern.compile("<pre id=\"bundle\">([^<]*)</pre>");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("d MMMM uuuu, HH:mm:ss 'UTC'", Locale.ENGLISH).withZone(ZoneOffset.UTC);
    private static final JsonMapper JSON = JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .nodeFactory(JsonNodeFactory.withExactBigDecimals(true)).build();

    private final Bundle bundle;
    private final StringBuilder page = new StringBuilder(1 << 15);

    private EvidencePage(Bundle bundle) {
        this.bundle = bundle;
    }

    /** What a server says beside the page's own policy. */
    public static String policy() {
        return POLICY + "; object-src 'none'; frame-ancestors 'none'";
    }

    public static String of(Bundle bundle) {
        EvidencePage page = new EvidencePage(bundle);
        try {
            page.proven(Proof.of(bundle));
        } catch (NotProven e) {
            page.notProven(e.getMessage());
        }
        return page.page.toString();
    }

    /**
     * The bundle in a file: the file itself, or what a page holds.
     *
     * @throws NotProven when there is none, or the page around it is not the one that is made of it
     */
    public static Bundle read(String file) {
        if (!file.stripLeading().startsWith("<")) {
            return Bundle.read(file);
        }
        Matcher held = BUNDLE.matcher(file);
        if (!held.find()) {
            throw new NotProven("This page holds no bundle of evidence.");
        }
        Bundle bundle = Bundle.read(Markup.read(held.group(1)));
        if (!of(bundle).equals(file)) {
            throw new NotProven("The page is not the one that is made of the bundle in it: it was changed, or another version of Syncline made it. Take the"
                    + " bundle as JSON, or check it with the version that made the page.");
        }
        return bundle;
    }

    private static String style() {
        try (InputStream in = EvidencePage.class.getResourceAsStream("/evidence/page.css")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void begin(String title) {
        page.append("""
                <!DOCTYPE html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta http-equiv="Content-Security-Policy" content="%s">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="robots" content="noindex">
                <title>%s</title>
                <style>%s</style>
                </head>
                <body>
                <main>
                """.formatted(Markup.exact(POLICY), Markup.exact(title), STYLE));
    }

    private void notProven(String why) {
        begin("Evidence that does not hold");
        page.append("<p class=\"label\">Evidence</p>\n<h1>This evidence does not hold</h1>\n<div class=\"verdict broken\"><strong>").append(Markup.shown(why))
                .append("</strong>What is stored is not what was sealed. Run <code>syncline verify-chain</code>, which names the first broken link.</div>\n");
        end();
    }

    private void proven(Proof proof) {
        Proof.Stated decision = proof.decision();
        begin("Evidence of decision " + decision.number());
        page.append("<p class=\"label\">Evidence</p>\n<h1>Decision ").append(decision.number()).append(": ").append(Markup.shown(decision.what()))
                .append("</h1>\n<p class=\"lead\">").append(Markup.shown(decision.entity())).append(' ').append(Markup.shown(name(decision)))
                .append(" as it stood in snapshot ").append(decision.snapshot()).append(" of ").append(Markup.shown(decision.sync()))
                .append(", and what proves it.</p>\n");
        page.append("<div class=\"verdict\"><strong>This evidence holds in itself.</strong>Every digest named here was computed from this file. ")
                .append(bundle.document() == null ? "The record&#39;s content was removed since; its hash is still part of the chain."
                        : "The document below is, byte for byte, the one that was sealed.").append("</div>\n");
        decision(decision);
        record(decision, proof);
        source(proof);
        chain(proof);
        limits(proof);
        check(decision);
        end();
    }

    private static String name(Proof.Stated decision) {
        return decision.key() == null ? "row " + decision.row() : decision.key();
    }

    private void decision(Proof.Stated decision) {
        heading(1, "The decision");
        page.append("<dl>\n");
        item("What", Markup.shown(decision.what()));
        item("Who", Markup.shown(decision.actor()));
        item("When", time(decision.at()));
        item("Why", Markup.shown(decision.reason()));
        item("Organisation", Markup.shown(decision.organisation()));
        item("Document kept elsewhere", decision.documentSha256() == null ? "<span class=\"aside\">none was named</span>"
                : "SHA-256 " + hash(decision.documentSha256()));
        page.append("</dl>\n");
    }

    private void record(Proof.Stated decision, Proof proof) {
        heading(2, "The record that was looked at");
        page.append("<dl>\n");
        item("Record", Markup.shown(decision.entity()) + " " + Markup.shown(name(decision)) + " <span class=\"aside\">(row " + decision.row() + ")</span>");
        item("Looked at in", "snapshot " + proof.seen().number() + ", sealed " + time(proof.seen().sealedAt()));
        item("Said this since", time(decision.since()));
        item("SHA-256", hash(decision.hash()));
        page.append("</dl>\n");
        if (bundle.document() == null) {
            page.append("<p>Its content was erased. What remains is its hash.</p>\n<dl>\n");
            item("Erased by", Markup.shown(proof.removed().actor()));
            item("Erased", time(proof.removed().at()));
            item("Why", Markup.shown(proof.removed().reason()));
            item("Entry", "number " + proof.removed().number() + " of the ledger of removals, which <code>syncline verify-chain</code> recomputes");
            page.append("</dl>\n");
            return;
        }
        fields();
        page.append("<h3>Its document, exactly</h3>\n<pre>").append(Markup.shown(bundle.document())).append("</pre>\n");
    }

    private void fields() {
        try {
            page.append("<h3>Its fields</h3>\n<table>\n<tr><th>Field</th><th>Value</th></tr>\n");
            for (Iterator<Map.Entry<String, JsonNode>> fields = JSON.readTree(bundle.document()).fields(); fields.hasNext();) {
                Map.Entry<String, JsonNode> field = fields.next();
                JsonNode value = field.getValue();
                page.append("<tr><td><code>").append(Markup.shown(field.getKey())).append("</code></td><td>")
                        .append(value.isNull() ? "<span class=\"aside\">nothing</span>" : Markup.shown(said(value)))
                        .append("</td></tr>\n");
            }
            page.append("</table>\n");
        } catch (JsonProcessingException e) {
            throw new NotProven("The document is not JSON.");
        }
    }

    private static String said(JsonNode value) {
        return value.isTextual() ? value.textValue() : value.isNumber() ? value.decimalValue().toPlainString() : value.toString();
    }

    private void source(Proof proof) {
        heading(3, "Where it came from");
        Bundle.Run run = bundle.run();
        page.append("<dl>\n");
        item("Brought by", "run " + proof.broughtBy().run() + ", sealed as snapshot " + proof.broughtBy().number() + ", "
                + time(proof.broughtBy().sealedAt()));
        item("Kind of run", Markup.shown(run.mode()) + told());
        item("Asked for by", Markup.shown(run.requestedBy()) + " <span class=\"aside\">(" + Markup.shown(run.trigger()) + ")</span>" + told());
        item("It ran", (run.startedAt() == null ? "" : "from " + time(Instant.parse(run.startedAt())))
                + (run.finishedAt() == null ? "" : " to " + time(Instant.parse(run.finishedAt()))) + told());
        page.append("</dl>\n<p class=\"aside\">What is marked as told is what the installation knows of that run. The chain proves the run&#39;s number, not"
                + " these details.</p>\n");
    }

    private static String told() {
        return "<span class=\"told\">told</span>";
    }

    private void chain(Proof proof) {
        heading(4, "The chain");
        page.append("<p>Each snapshot&#39;s digest covers the digest before it, so none can be changed, left out or put in without changing all that follow."
                + "</p>\n<table>\n<tr><th>Snapshot</th><th>Digest (SHA-256)</th></tr>\n");
        link("it came with", proof.broughtBy());
        if (proof.seen().number() != proof.broughtBy().number()) {
            link("it was looked at in", proof.seen());
        }
        if (proof.newest().number() != proof.seen().number()) {
            link("the last one shown", proof.newest());
        }
        page.append("</table>\n<p class=\"aside\">").append(bundle.snapshots().size() == 1 ? "The chain from there on is this one snapshot."
                : "All " + bundle.snapshots().size() + " snapshots from the first to the last of these follow from one another.")
                .append(" The version&#39;s line was found among what its snapshot changed, beside ").append(proof.neighbours())
                .append(proof.neighbours() == 1 ? " other of its thousand rows." : " others of its thousand rows.")
                .append(" The ledger of decisions goes from this one, number ").append(proof.decision().number()).append(", to number ")
                .append(proof.lastNumber()).append(".</p>\n");
    }

    private void link(String what, Header header) {
        page.append("<tr><td>").append(header.number()).append(" <span class=\"aside\">").append(what).append("\n").append(time(header.sealedAt()))
                .append("</span></td><td>").append(hash(header.digest())).append("</td></tr>\n");
    }

    private void limits(Proof proof) {
        heading(5, "What this proves, and what it does not");
        page.append("""
                <h3>Shown by this file in itself</h3>
                <ul>
                <li>These bytes are the record&#39;s document that was sealed with snapshot %d, under this key.</li>
                <li>Nothing in the chain between that snapshot and snapshot %d was changed, left out or put in.</li>
                <li>The decision names this very version, and the snapshot that was looked at by its digest.</li>
                </ul>
                <h3>Proven only by a full verification of the chain</h3>
                <ul>
                <li>That the version had not ended before snapshot %d: <code>syncline verify-chain</code> recomputes everything that each snapshot began and
                ended.</li>
                </ul>
                <h3>Proven only by an anchor outside</h3>
                <ul>
                <li>That nobody with full power over the database, or over this file, made the whole chain anew. Compare the anchors below with copies that were
                kept elsewhere; then it holds against anybody.</li>
                </ul>
                <table>
                <tr><th>Anchor of</th><th>Covers</th></tr>
                """.formatted(proof.broughtBy().number(), proof.newest().number(), proof.seen().number()));
        anchor("The snapshots", proof.snapshots(), "snapshots up to number ");
        anchor("The decision", proof.decisions(), "decisions up to number ");
        page.append("</table>\n<p class=\"aside\">That who decided is who the entry names rests on the keys and sign-ins of the installation.</p>\n");
    }

    private void anchor(String what, Proof.Covered covered, String upTo) {
        page.append("<tr><td>").append(what).append("</td><td>").append(covered == null ? "no anchor yet: one is exported once a day"
                : upTo + covered.number() + ", anchored " + time(covered.at())).append("</td></tr>\n");
    }

    private void check(Proof.Stated decision) {
        heading(6, "How to check it");
        page.append("""
                <p>No server and no account is needed. With the program Syncline:</p>
                <pre>syncline evidence decision-%1$d.html
                syncline evidence decision-%1$d.html --anchor anchors.jsonl</pre>
                <p class="aside">The second compares with anchors that you kept yourself. Everything is plain SHA-256; how the digests are made is written in
                docs/audit.md of the program.</p>
                <section class="bundle">
                <details>
                <summary>The bundle that this page is made of</summary>
                <pre id="bundle">%2$s</pre>
                </details>
                </section>
                """.formatted(decision.number(), Markup.exact(bundle.json())));
    }

    private void end() {
        page.append("<footer>Made ").append(time(Instant.parse(bundle.made().at()))).append(" for ").append(Markup.shown(bundle.made().by()))
                .append(". Times are UTC.</footer>\n</main>\n</body>\n</html>\n");
    }

    private void heading(int number, String text) {
        page.append("<h2><b>").append(number).append("</b>").append(text).append("</h2>\n");
    }

    /** @param markup already */
    private void item(String term, String markup) {
        page.append("<dt>").append(term).append("</dt><dd>").append(markup).append("</dd>\n");
    }

    private static String hash(String digits) {
        return "<span class=\"hash\">" + Markup.exact(digits) + "</span>";
    }

    private static String time(Instant time) {
        return "<time datetime=\"" + time + "\">" + TIME.format(time) + "</time>";
    }
}
