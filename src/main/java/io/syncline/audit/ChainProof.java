package io.syncline.audit;

import org.springframework.jdbc.core.simple.JdbcClient;

import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/** Verifies chains: every snapshot and ledger recomputed from the tables, and every anchor compared with what is there (promise 20). */
public final class ChainProof {
    private final JdbcClient sql;

    ChainProof(JdbcClient sql) {
        this.sql = sql;
    }

    /** For whoever has the database and no server. */
    public static ChainProof on(DataSource database) {
        return new ChainProof(JdbcClient.create(database));
    }

    /**
     * What does not hold.
     *
     * @param kind   {@code snapshots} or the name of a ledger
     * @param sync   null where the chain is the organisation's
     * @param number of the first broken link
     */
    public record Broken(String organisation, String kind, String sync, long number, String problem) {
    }

    /** The newest link of a chain. */
    public record Chain(String organisation, String kind, String sync, long number, String digest) {
    }

    /**
     * What was found.
     *
     * @param anchors how many links that anchors name were compared, those included that only the database remembers
     * @param outside what stands in the file of anchors; null where none was looked at
     */
    public record Result(List<Chain> chains, List<Broken> broken, int anchors, AnchorsThere outside) {
        public boolean holds() {
            return broken.isEmpty();
        }

        /** Whether anchors that were written outside are not there any more. */
        public boolean misses() {
            return outside != null && !outside.missing().isEmpty();
        }

        /** In one word. */
        public String state() {
            return !holds() ? "broken" : misses() ? "anchors-missing" : "holds";
        }
    }

    /** Every organisation that has a chain, or an anchor of one. */
    public List<String> organisations(List<String> anchors) {
        Set<String> all = new TreeSet<>(sql.sql("select distinct organisation from syncline.snapshot where number > 0").query(String.class).list());
        anchors.stream().map(AnchorLine::read).flatMap(Optional::stream).map(AnchorLine::organisation).forEach(all::add);
        return List.copyOf(all);
    }

    /**
     * Verifies an organisation's ledgers and the snapshots of one sync, or of all.
     *
     * @param sync    null for all
     * @param file what stands in the file of anchors, or null; lines of other organisations do not matter
     */
    public Result verify(String organisation, String sync, AnchorFile.Content file) {
        List<Broken> broken = new ArrayList<>();
        for (String each : syncs(organisation, sync)) {
            sql.sql("select number, problem from syncline.verify_chain(?, ?)").params(each, organisation)
                    .query(row -> { broken.add(new Broken(organisation, "snapshots", each, row.getLong(1), row.getString(2))); });
        }
        sql.sql("select kind, number, problem from syncline.verify_ledgers(?)").param(organisation)
                .query(row -> { broken.add(new Broken(organisation, row.getString(1), null, row.getLong(2), row.getString(3))); });
        List<Chain> chains = heads(organisation).stream().filter(chain -> isAsked(sync, chain.sync())).toList();
        int compared = compare(organisation, sync, file == null ? List.of() : file.lines(), chains, broken);
        return new Result(chains, List.copyOf(broken), compared, file == null ? null : there(organisation, file));
    }

    private record Known(AnchorsThere.Missing anchor, String line) {
    }

    private AnchorsThere there(String organisation, AnchorFile.Content file) {
        List<Known> known = sql.sql("select id, at, line from syncline.anchor where organisation = ? and destination = 'file' order by id").param(organisation)
                .query((row, n) -> new Known(new AnchorsThere.Missing(row.getLong(1), row.getObject(2, OffsetDateTime.class).toInstant().toString()),
                        row.getString(3))).list();
        Set<String> own = file.lines().stream().filter(line -> AnchorLine.read(line).filter(read -> read.organisation().equals(organisation)).isPresent())
                .collect(Collectors.toCollection(LinkedHashSet::new));
        List<AnchorsThere.Missing> missing = known.stream().filter(each -> !own.contains(each.line())).map(Known::anchor).toList();
        known.forEach(each -> own.remove(each.line()));
        return new AnchorsThere("file", known.size(), known.size() - missing.size(), missing, own.size(), file.unreadable().size());
    }

    private static boolean isAsked(String sync, String of) {
        return sync == null || of == null || of.equals(sync);
    }

    private List<String> syncs(String organisation, String sync) {
        return sql.sql("select distinct sync from syncline.snapshot where organisation = ? and number > 0 order by 1").param(organisation).query(String.class)
                .list().stream().filter(each -> isAsked(sync, each)).toList();
    }

    private List<Chain> heads(String organisation) {
        return sql.sql("select kind, sync, number, encode(digest, 'hex') from syncline.chain_heads(?)").param(organisation)
                .query((row, n) -> new Chain(organisation, row.getString(1), row.getString(2), row.getLong(3), row.getString(4))).list();
    }

    private record Anchored(String at, AnchorLine.Link link) {
    }

    /** Those outside first: whoever can change the tables can change what they know of anchors. */
    private int compare(String organisation, String sync, List<String> anchors, List<Chain> chains, List<Broken> broken) {
        Set<String> lines = new LinkedHashSet<>(anchors);
        lines.addAll(sql.sql("select line from syncline.anchor where organisation = ? order by id").param(organisation).query(String.class).list());
        List<Anchored> anchored = lines.stream().map(AnchorLine::read).flatMap(Optional::stream).filter(line -> line.organisation().equals(organisation))
                .flatMap(line -> line.chains().stream().map(link -> new Anchored(line.at(), link))).filter(each -> isAsked(sync, each.link().sync())).toList();
        Set<AnchorLine.Link> seen = new LinkedHashSet<>();
        Set<Map.Entry<String, String>> told = new LinkedHashSet<>();
        for (Anchored each : anchored) {
            AnchorLine.Link link = each.link();
            if (!seen.add(link)) {
                continue;
            }
            String digest = sql.sql("select encode(syncline.chain_digest(?, ?, ?, ?), 'hex')").params(organisation, link.kind(), link.sync(), link.number())
                    .query((row, n) -> Optional.ofNullable(row.getString(1))).single().orElse(null);
            if (!link.digest().equals(digest) && told.add(Map.entry(link.kind(), String.valueOf(link.sync())))) {
                broken.add(new Broken(organisation, link.kind(), link.sync(), link.number(), digest == null ? missing(each, chains)
                        : "has another digest than the anchor of " + each.at() + " says: the chain was made anew"));
            }
        }
        return seen.size();
    }

    private static String missing(Anchored anchor, List<Chain> chains) {
        long last = chains.stream().filter(chain -> anchor.link().isOf(chain.kind(), chain.sync())).mapToLong(Chain::number).max().orElse(0);
        return "is not there, though the anchor of " + anchor.at() + " says so: the chain " + (last == 0 ? "is gone" : "ends at " + last);
    }
}
