package io.syncline.audit;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;

import java.util.List;

/**
 * Everything that is needed to prove one decision, and nothing twice: what can be computed is not in it. {@link Proof} computes it.
 *
 * @param form      which form of bundle this is
 * @param made      when and for whom it was made; told, not proven
 * @param document  the exact text of the record's document; null where its content was removed since
 * @param decision  its entry in the ledger
 * @param change    what the snapshot that brought the version changed, without the line of the version itself
 * @param snapshots the headers of that snapshot and all after it up to the first anchor that covers the decision, or up to the newest where none does yet;
 *                  each the very text that its digest was made of
 * @param run       the run that sealed that snapshot; its number is proven, the rest is told
 * @param anchors   lines that were written outside the database, as they were written
 * @param heads     the digests that both chains are shown up to, as the installation said them
 * @param removal   the entry of the ledger of removals that says who erased the content, when and why; null where the content is there
 * @param checksum  of all the rest, against accidents; it proves nothing
 */
public record Bundle(String form, Made made, String document, Entry decision, Change change, List<String> snapshots, Run run, List<String> anchors, Heads heads,
                     Entry removal, String checksum) {
    static final String FORM = "syncline-evidence-1";

    private static final int LONGEST = 1 << 28;
    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder().maxStringLength(LONGEST).maxNestingDepth(10).build()).build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS, DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES).build();

    /** When and for whom. */
    public record Made(String at, String by) {
    }

    /**
     * @param text      that was hashed
     * @param previous  the digest of the entry before
     * @param following the hashes of all later entries, without what they say
     */
    public record Entry(String text, String previous, List<String> following) {
    }

    /**
     * What was hashed beside the version's own line, as hexadecimal digits without anything in between.
     *
     * @param linesBefore     the lines of its thousand rows up to its own
     * @param thousandsBefore the digests of the thousands before its own
     * @param entitiesBefore  the other entities of the sync with their digests
     */
    public record Change(String linesBefore, String linesAfter, String thousandsBefore, String thousandsAfter, List<Part> entitiesBefore,
                         List<Part> entitiesAfter) {
    }

    /** Another entity and the digest of what it changed. */
    public record Part(String entity, String digest) {
    }

    /** As it was asked for. */
    public record Run(long run, String mode, String trigger, String requestedBy, String startedAt, String finishedAt) {
    }

    /** In hexadecimal digits. */
    public record Heads(String snapshots, String decisions) {
    }

    Bundle checked() {
        return with(null, anchors).with(Hex.of(Hex.sha256(with(null, anchors).json())), anchors);
    }

    /** The same with other anchors. */
    Bundle anchoredBy(List<String> others) {
        return with(checksum, others);
    }

    private Bundle with(String sum, List<String> lines) {
        return new Bundle(form, made, document, decision, change, snapshots, run, lines, heads, removal, sum);
    }

    /** @throws NotProven when it is no bundle */
    public static Bundle read(String json) {
        try {
            Bundle bundle = JSON.readValue(json, Bundle.class);
            if (bundle == null || !FORM.equals(bundle.form())) {
                throw new NotProven("This is no bundle of evidence, or one of a form that this version does not know. It reads " + FORM + ".");
            }
            if (bundle.made == null || bundle.decision == null || bundle.change == null || bundle.snapshots == null || bundle.run == null
                    || bundle.anchors == null || bundle.heads == null) {
                throw new NotProven("A part of the bundle is missing.");
            }
            if (!bundle.equals(bundle.checked())) {
                throw new NotProven("The bundle is not as it was made: its checksum is another.");
            }
            return bundle;
        } catch (JacksonException e) {
            throw new NotProven("This is no bundle of evidence: it is not JSON of the form " + FORM
                    + (e.getLocation() == null ? "." : ", at line " + e.getLocation().getLineNr() + "."));
        }
    }

    /** As JSON, always in the same bytes. */
    public String json() {
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this).replace("\r\n", "\n");
        } catch (JacksonException e) {
            throw new IllegalStateException("texts and numbers have a JSON form", e);
        }
    }
}
