package io.syncline.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.syncline.audit.AnchorFile;
import io.syncline.audit.Bundle;
import io.syncline.audit.EvidencePage;
import io.syncline.audit.NotProven;
import io.syncline.audit.Proof;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;

@Command(name = "evidence", sortOptions = false,
        description = {"Checks the evidence of a decision, as JSON or as the page that was saved.",
    "It asks no server and no database: every digest is computed from the file."}, footerHeading = "%nExamples:%n",
        footer = {"  syncline evidence decision-3.html", "  syncline evidence decision-3.json --anchor anchors.jsonl"})
final class EvidenceCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "The evidence.")
    private Path file;
    @Option(names = "--anchor", paramLabel = "FILE", description = "Anchors that were kept elsewhere; those in the evidence are only copies.")
    private Path anchor;
    @Option(names = "--json", description = "Prints the result for programs.")
    private boolean json;
    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Shows this.")
    private boolean help;
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        try {
            Bundle bundle = EvidencePage.read(text(file));
            Proof proof = Proof.of(bundle);
            if (anchor == null) {
                tell(bundle, proof, proof.snapshots() != null && proof.decisions() != null);
                return Ends.WELL;
            }
            text(anchor);
            Proof anchored = Proof.against(bundle, new AnchorFile(anchor).read().lines());
            boolean covered = anchored.snapshots() != null && anchored.decisions() != null;
            tell(bundle, anchored, covered);
            return covered ? Ends.WELL : Ends.FOUND;
        } catch (NotProven e) {
            if (json) {
                out().println(Server.JSON.createObjectNode().put("holds", false).put("problem", e.getMessage()).toPrettyString());
            } else {
                out().println("This evidence does not hold. " + Shown.text(e.getMessage()));
            }
            return Ends.FOUND;
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (CharacterCodingException e) {
            throw new ServerProblem(file + " is not text in UTF-8, so it is not as it was made.");
        } catch (IOException e) {
            throw new ServerProblem(file + " is not there, or cannot be read.");
        }
    }

    private void tell(Bundle bundle, Proof proof, boolean covered) {
        Proof.Stated decision = proof.decision();
        if (json) {
            ObjectNode told = Server.JSON.createObjectNode().put("holds", true).put("anchored", covered);
            told.put("decision", decision.number()).put("at", decision.at().toString()).put("actor", decision.actor()).put("what", decision.what())
                    .put("reason", decision.reason()).put("organisation", decision.organisation()).put("sync", decision.sync()).put("entity", decision.entity())
                    .put("key", decision.key()).put("row", decision.row()).put("snapshot", decision.snapshot()).put("hash", decision.hash())
                    .put("document", bundle.document());
            told.set("snapshotsAnchored", covered(proof.snapshots()));
            told.set("decisionAnchored", covered(proof.decisions()));
            out().println(told.toPrettyString());
            return;
        }
        say("This evidence holds%s: %s of %s decided \"%s\" at %s", anchor != null && covered ? "" : " in itself", decision.actor(), decision.organisation(),
                decision.what(), decision.at().toString());
        say("about %s %s of %s as it stood in snapshot %s:", decision.entity(), decision.key() == null ? "row " + decision.row() : decision.key(),
                decision.sync(), Long.toString(decision.snapshot()));
        say("  %s", bundle.document() == null ? "(its content was removed; its SHA-256 is " + decision.hash() + ")" : bundle.document());
        say("because: %s", decision.reason());
        String whose = anchor == null ? "An anchor in the evidence, to be compared with one kept elsewhere," : "The anchor of";
        tellAnchor("the snapshots", whose, proof.snapshots());
        tellAnchor("the decision", whose, proof.decisions());
    }

    private void tellAnchor(String what, String whose, Proof.Covered covered) {
        out().println(covered == null ? "No anchor covers " + what + (anchor == null ? " yet." : ": nothing shows that they were not made anew.")
                : whose + (anchor == null ? " covers " + what + " up to number " + covered.number() + " (" + covered.at() + ")."
                        : " " + covered.at() + " covers " + what + " up to number " + covered.number() + "."));
    }

    private static ObjectNode covered(Proof.Covered covered) {
        return covered == null ? null : Server.JSON.createObjectNode().put("at", covered.at().toString()).put("number", covered.number());
    }

    private void say(String line, String... values) {
        Object[] shown = Arrays.stream(values).map(Shown::text).toArray();
        out().println(String.format(line, shown));
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
