package io.syncline.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.syncline.audit.AnchorFile;
import io.syncline.audit.AnchorsThere;
import io.syncline.audit.ChainProof;
import io.syncline.store.HostDatabase;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

@Command(name = "verify-chain", sortOptions = false,
        description = {"Recomputes all snapshots, decisions and other ledgers from the tables, and compares them with the anchors outside.",
    "It works on the database itself, whether the server runs or not, and names the first broken link of each chain."},
        footerHeading = "%nExamples:%n", footer = {"  syncline verify-chain", "  syncline verify-chain pricebook --anchor /mnt/audit/anchors.jsonl --json"})
final class VerifyChainCommand extends Host {
    @Parameters(arity = "0..1", paramLabel = "SYNC", description = "Only this sync's snapshots; all unless said.")
    private String sync;
    @Option(names = "--organisation", description = "Only this organisation's; all unless said.")
    private String organisation;
    @Option(names = "--anchor", paramLabel = "FILE", description = "A file of anchors, kept elsewhere; the one that syncline.anchor.file names unless said.")
    private Path anchor;
    @Option(names = "--json", description = "Prints the result for programs.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        try (ConfigurableApplicationContext settings = settings(); HostDatabase database = HostDatabase.open(settings.getEnvironment())) {
            String named = settings.getEnvironment().getProperty("syncline.anchor.file", "");
            Path file = anchor != null ? anchor : named.isBlank() ? null : Path.of(named);
            if (anchor != null && !Files.isReadable(anchor)) {
                throw new ServerProblem("The file of anchors " + anchor + " is not there, or cannot be read.");
            }
            AnchorFile.Content outside = file == null ? AnchorFile.Content.NONE : new AnchorFile(file).read();
            ChainProof proof = ChainProof.on(database.dataSource());
            List<ChainProof.Chain> chains = new ArrayList<>();
            List<ChainProof.Broken> broken = new ArrayList<>();
            Map<String, AnchorsThere> there = new LinkedHashMap<>();
            int anchors = 0;
            for (String each : organisation == null ? proof.organisations(outside.lines()) : List.of(organisation)) {
                ChainProof.Result result = proof.verify(each, sync, file == null ? null : outside);
                chains.addAll(result.chains());
                broken.addAll(result.broken());
                anchors += result.anchors();
                Optional.ofNullable(result.outside()).ifPresent(found -> there.put(each, found));
            }
            if (sync != null && chains.stream().noneMatch(chain -> sync.equals(chain.sync())) && broken.isEmpty()) {
                throw new ServerProblem("There is no snapshot of " + sync + ", and no anchor names one. Is it written as config/syncs names it?");
            }
            if (json) {
                ObjectNode told = Server.JSON.createObjectNode().put("holds", broken.isEmpty());
                told.set("chains", Server.JSON.valueToTree(chains));
                told.set("broken", Server.JSON.valueToTree(broken));
                told.put("anchors", anchors);
                told.set("outside", Server.JSON.valueToTree(there));
                told.set("unreadableLines", Server.JSON.valueToTree(outside.unreadable()));
                out().println(told.toPrettyString());
            } else {
                tell(chains, broken, anchors, outside.unreadable());
                there.forEach((name, found) -> tell(name, found, file));
                out().println(!broken.isEmpty() ? "Not all chains hold." : misses(there) ? "All chains hold, but anchors are missing." : "All chains hold.");
            }
            return !broken.isEmpty() ? Ends.FOUND : misses(there) ? Ends.MISSING : Ends.WELL;
        }
    }

    private void tell(List<ChainProof.Chain> chains, List<ChainProof.Broken> broken, int anchors, List<Integer> unreadable) {
        chains.forEach(chain -> out().printf("%s: %d, newest %s%n", named(chain.organisation(), chain.kind(), chain.sync()), chain.number(), chain.digest()));
        broken.forEach(link -> out().printf("BROKEN %s: number %d %s%n", named(link.organisation(), link.kind(), link.sync()), link.number(),
                Shown.text(link.problem())));
        if (!unreadable.isEmpty()) {
            out().printf("These lines of the file of anchors are none, as a crash in the middle of one leaves it: %s%n", unreadable);
        }
        out().println(anchors == 0 ? "No anchor was compared, so nothing shows that a chain was not made anew. Name a file of anchors with --anchor."
                : anchors + (anchors == 1 ? " anchored link was compared." : " anchored links were compared."));
    }

    private static boolean misses(Map<String, AnchorsThere> there) {
        return there.values().stream().anyMatch(each -> !each.missing().isEmpty());
    }

    private void tell(String name, AnchorsThere found, Path file) {
        out().printf("%s: %d of the %d anchors that were written to the file stand in %s.%n", Shown.text(name), found.found(), found.known(), file);
        if (found.others() > 0) {
            out().printf("%s: %d more stand there that this database does not know of. They were compared, too.%n", Shown.text(name), found.others());
        }
        if (!found.missing().isEmpty()) {
            List<AnchorsThere.Missing> missing = found.missing();
            out().printf("MISSING %s: %d, from number %d of %s to number %d of %s. Where the file was moved, name the one that has them with --anchor, or put"
                    + " its lines in front of this one's; where it was not, somebody has cut it, and what these said is not proven by anything outside.%n",
                    Shown.text(name), missing.size(), missing.get(0).number(), missing.get(0).at(), missing.get(missing.size() - 1).number(),
                    missing.get(missing.size() - 1).at());
        }
    }

    private static String named(String organisation, String kind, String sync) {
        return Shown.text(organisation + ", " + kind + (sync == null ? "" : " of " + sync));
    }
}
