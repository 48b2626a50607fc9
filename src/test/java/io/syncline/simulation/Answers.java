package io.syncline.simulation;

import io.syncline.record.Observed;
import io.syncline.record.Page;
import io.syncline.source.SimulatedRead;
import io.syncline.source.SourceFailure;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What the source answers to one read of one entity, page by page, well or badly. */
final class Answers {
    private final World world;
    private final Setting setting;
    private final Dice dice;
    private final Clock clock;
    private final Mutant mutant;
    private final String entity;
    private final Instant since;
    private final Ledger.Progress progress;
    private final SimulatedRead read;
    private List<Observed> before;

    /**
     * @param progress is told of a list that was cut
     * @param resume   where an earlier attempt stood, or null
     */
    Answers(World world, Setting setting, Dice dice, Clock clock, Mutant mutant, String entity, Instant since, Ledger.Progress progress, String resume) {
        this.world = world;
        this.setting = setting;
        this.dice = dice;
        this.clock = clock;
        this.mutant = mutant;
        this.entity = entity;
        this.since = since;
        this.progress = progress;
        this.read = new SimulatedRead(setting.paging(), resume);
    }

    /** @throws SourceFailure as the product's reader would */
    Page next(boolean faulty) {
        Instant asked = clock.there();
        if (faulty && dice.percent(4)) {
            if (mutant == Mutant.A_FAILED_PAGE_IS_THE_END) {
                return new Page(1, List.of(), true, null, null, asked, null);
            }
            throw SimulatedRead.failure();
        }
        List<Version> list = world.list(entity, since == null ? null : mutant.asksSince(since, setting.overlap()));
        int from = from(list);
        int to = Math.min(list.size(), from + setting.paging().size());
        List<Observed> records = new ArrayList<>(list.subList(Math.min(from, to), to).stream().map(Version::shown).toList());
        Long total = setting.totals() ? (long) list.size() : null;
        String next = setting.drifts() || to == list.size() ? null : list.get(to - 1).key();
        if (faulty && dice.percent(4)) {
            return badly(records, next, total, asked);
        }
        before = records;
        return read.understand(records, null, next, total, asked);
    }

    private int from(List<Version> list) {
        if (read.at() == null) {
            return 0;
        }
        if (setting.drifts()) {
            return (Integer.parseInt(read.at()) - 1) * setting.paging().size();
        }
        int from = 0;
        while (from < list.size() && list.get(from).key().compareTo(read.at()) <= 0) {
            from++;
        }
        return from;
    }

    /** A 200 that is none of what was asked for. Where nothing in the answers could show it, no reader could know, so that is left out. */
    private Page badly(List<Observed> records, String next, Long total, Instant asked) {
        int way = dice.below(3);
        Page page;
        if (way == 0 && before != null) {
            page = read.understand(before, null, next, total, asked);
        } else if (way == 1 && total != null && !records.isEmpty()) {
            progress.cut = true;
            page = read.understand(records.subList(1, records.size()), null, next, total, asked);
        } else if (total != null || since == null && read.at() == null) {
            progress.cut = total != null;
            page = read.understand(List.of(), null, null, total, asked);
        } else {
            page = read.understand(records, null, next, total, asked);
        }
        if (mutant == Mutant.A_CUT_LIST_IS_WHOLE && page.isLast()) {
            return new Page(page.number(), page.records(), true, null, page.total(), page.askedAt(), null);
        }
        return page;
    }
}
