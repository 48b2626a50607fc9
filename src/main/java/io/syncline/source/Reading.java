package io.syncline.source;

import io.syncline.config.Configuration;
import io.syncline.config.Connections;
import io.syncline.config.EntityConfig;
import io.syncline.config.SyncConfig;
import io.syncline.config.SystemConfig;
import io.syncline.record.Answered;
import io.syncline.record.Confirmation;
import io.syncline.record.Observed;
import io.syncline.record.Page;
import io.syncline.record.WhenRead;
import org.springframework.stereotype.Component;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reading in the words of a sync, as the routes ask for it. */
@Component("reading")
public class Reading {
    /** So many records in a row without an answer, and it is no longer the records. */
    private static final int ENOUGH = 3;

    private final Sources sources;
    private final Configuration configuration;
    private final Connections connections;
    private final FewAtOnce fewAtOnce;
    private final Clock clock = Clock.systemUTC();

    Reading(Sources sources, Configuration configuration, Connections connections) {
        this.sources = sources;
        this.fewAtOnce = new FewAtOnce(sources);
        this.configuration = configuration;
        this.connections = connections;
    }

    /**
     * @param since    only changes since this mark, or null for everything
     * @param cursor   only changes since this cursor instead, or null
     * @param resume   where an earlier read of the same stopped, or null to begin
     * @param whenRead is told of each page as soon as it is there, and when the reader is closed
     */
    public PageReader open(SyncConfig sync, EntityConfig entity, String organisation, Instant since, String cursor, String resume, WhenRead whenRead) {
        return sources.open(read(sync, entity, organisation, since, cursor), resume, whenRead);
    }

    public Page next(PageReader reader) {
        return reader.next();
    }

    public void close(PageReader reader) {
        reader.close();
    }

    /** Records by their keys, as one page. One that cannot be asked for does not stop the others, unless the source is not to be reached at all. */
    public Answered records(SyncConfig sync, EntityConfig entity, String organisation, List<String> keys) {
        Read read = read(sync, entity, organisation, null);
        if (!sources.readsById(read)) {
            throw new SourceFailure(SourceFailure.Kind.REFUSED, "config/systems/" + sync.system() + ".yaml declares no way to ask for one record of "
                    + entity.resource() + ". Declare byId there, or run the whole entity.");
        }
        Instant askedAt = clock.instant();
        List<Observed> found = new ArrayList<>();
        List<String> gone = new ArrayList<>();
        Map<String, String> failures = new LinkedHashMap<>();
        String unreachable = null;
        for (String key : keys) {
            if (unreachable != null) {
                failures.put(key, unreachable);
                continue;
            }
            try {
                sources.byId(read, key).ifPresentOrElse(found::add, () -> gone.add(key));
            } catch (SourceFailure e) {
                failures.put(key, e.getMessage());
                unreachable = e.kind() == SourceFailure.Kind.UNREACHABLE ? e.getMessage() : null;
            }
        }
        return new Answered(new Page(1, found, true, null, null, askedAt, null), gone, failures);
    }

    /** Asks for records that an uninterrupted read did not show, where they can slip between pages. */
    public Confirmation stillThere(SyncConfig sync, EntityConfig entity, String organisation, List<String> keys) {
        return stillThere(sync, entity, organisation, keys, List.of(), false);
    }

    /**
     * Asks for records that a whole read did not deliver (promise 6). One that cannot be asked for does not stop the others, unless the source is not to be
     * reached at all: three in a row say so.
     *
     * @param keys    to be asked for where records can slip between pages
     * @param anyway  to be asked for also where they cannot
     * @param resumed the read went on at another time than it began, so it is not one picture of the source and proves nothing by itself
     */
    public Confirmation stillThere(SyncConfig sync, EntityConfig entity, String organisation, List<String> keys, List<String> anyway,
                                   boolean resumed) {
        Read read = read(sync, entity, organisation, null);
        List<String> asked = new ArrayList<>(anyway);
        asked.addAll(resumed || sources.drifts(read) ? keys : List.of());
        if (resumed && !sources.readsById(read)) {
            return new Confirmation(Map.of(), Set.copyOf(asked), asked.isEmpty() ? null : "The read was interrupted and went on later, so it is no proof, and"
                    + " config/systems/" + sync.system() + ".yaml declares no way to ask for one record of " + entity.resource()
                    + ". The next full run looks again.");
        }
        int unreached = 0;
        Map<String, Observed> there = new HashMap<>();
        Set<String> unclear = new HashSet<>();
        String problem = null;
        int width = fewAtOnce.width(read);
        for (int from = 0; from < asked.size() && sources.readsById(read); from += width) {
            List<String> few = asked.subList(from, Math.min(from + width, asked.size()));
            if (unreached >= ENOUGH) {
                unclear.addAll(few);
                continue;
            }
            for (FewAtOnce.Answer answer : fewAtOnce.ask(read, few)) {
                if (answer.failure() != null) {
                    unclear.add(answer.key());
                    problem = answer.failure().getMessage();
                } else if (answer.found() != null) {
                    there.put(answer.key(), answer.found());
                }
                boolean reached = answer.failure() == null || answer.failure().kind() != SourceFailure.Kind.UNREACHABLE;
                unreached = reached && unreached < ENOUGH ? 0 : unreached + 1;
            }
        }
        return new Confirmation(there, unclear, problem);
    }

    private Read read(SyncConfig sync, EntityConfig entity, String organisation, Instant since) {
        return read(sync, entity, organisation, since, null);
    }

    private Read read(SyncConfig sync, EntityConfig entity, String organisation, Instant since, String cursor) {
        SystemConfig system = configuration.systemOf(sync);
        return new Read(connections.of(organisation, system.name()), system, system.source().resources().get(entity.resource()), entity.mapping(), since,
                cursor);
    }
}
