package io.syncline.check;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.syncline.config.CaseConnection;
import io.syncline.config.Configuration;
import io.syncline.config.EntityConfig;
import io.syncline.config.SourceConfig;
import io.syncline.config.SyncConfig;
import io.syncline.config.SystemCase;
import io.syncline.config.SystemConfig;
import io.syncline.record.Page;
import io.syncline.record.Path;
import io.syncline.record.Shape;
import io.syncline.record.SideMapping;
import io.syncline.record.TimeFormat;
import io.syncline.source.Read;
import io.syncline.source.Rehearsal;
import io.syncline.source.SourceFailure;

import java.util.List;
import java.util.Locale;

/** Runs the cases of one system: what goes out, and how what comes back is understood. */
final class SystemCases {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Configuration configuration;
    private final SystemConfig system;

    SystemCases(Configuration configuration, String system) {
        this.configuration = configuration;
        this.system = configuration.systems().get(system);
    }

    /** @throws CaseFailure when the request or what is made of the answer is not the expected one */
    void run(SystemCase given) throws CaseFailure {
        SourceConfig.Resource resource = system.source().resources().get(given.resource());
        Read read = new Read(new CaseConnection(system), system, resource, mapping(given.resource()), given.ask().since());
        if (given.ask().delta() != null) {
            read = followed(given, read);
        }
        if (given.request() != null) {
            request(given, read);
        }
        if (given.answer() != null) {
            answer(given, read);
        }
    }

    private static Read followed(SystemCase given, Read read) throws CaseFailure {
        try {
            return Rehearsal.following(read, given.ask().delta());
        } catch (SourceFailure e) {
            throw new CaseFailure("the delta link is not followed: " + e.getMessage());
        }
    }

    /**
     * That of an entity which is read from the resource, so that keys are looked at as in a run; else one that finds
     * a key where it is declared or where most have theirs.
     */
    private SideMapping mapping(String resource) {
        for (SyncConfig sync : configuration.syncs().values()) {
            for (EntityConfig entity : sync.entities()) {
                if (sync.system().equals(system.name()) && entity.resource().equals(resource)) {
                    return entity.mapping();
                }
            }
        }
        List<Path> key = system.source().resources().get(resource) instanceof SourceConfig.ODataResource set
                ? set.key().keySet().stream().map(Path::of).toList() : List.of(Path.of("id"));
        return new SideMapping(new Shape(List.of()), key, null, null, TimeFormat.ISO, null);
    }

    private void request(SystemCase given, Read read) throws CaseFailure {
        Rehearsal.Request asked;
        try {
            asked = given.ask().id() == null ? rehearsal(given, read).request() : Rehearsal.requestById(read, given.ask().id());
        } catch (SourceFailure e) {
            throw new CaseFailure("expected the request " + given.request() + ", but it cannot be made: " + e.getMessage());
        }
        if (!asked.line().equals(given.request())) {
            throw new CaseFailure("expected the request " + given.request() + ", but it is " + asked.line());
        }
        if (given.body() != null && (asked.body() == null || !isSame(given.body(), asked.body()))) {
            throw new CaseFailure("expected the body " + given.body() + ", but it is " + (asked.body() == null ? "none" : asked.body()));
        }
    }

    private void answer(SystemCase given, Read read) throws CaseFailure {
        SystemCase.Expected expected = given.expected();
        Rehearsal.Given answer = new Rehearsal.Given(given.answer().status(), given.answer().headers(), given.answer().body());
        int records;
        boolean last;
        try {
            if (given.ask().id() != null) {
                records = Rehearsal.answerById(read, given.ask().id(), answer).isPresent() ? 1 : 0;
                last = true;
            } else {
                Page page = rehearsal(given, read).answer(answer);
                records = page.records().size();
                last = page.isLast();
            }
        } catch (SourceFailure e) {
            if (!e.kind().name().equals(expected.failure())) {
                throw new CaseFailure((expected.failure() == null ? "expected records" : "expected the failure " + word(expected.failure()))
                        + ", but it is the failure " + word(e.kind().name()) + ": " + e.getMessage());
            }
            return;
        }
        compare(expected, records, last);
    }

    private static void compare(SystemCase.Expected expected, int records, boolean last) throws CaseFailure {
        if (expected.failure() != null) {
            throw new CaseFailure("expected the failure " + word(expected.failure()) + ", but the answer is understood; its records: " + records);
        }
        if (expected.records() != null && expected.records() != records) {
            throw new CaseFailure("expected " + expected.records() + " records, but there are " + records);
        }
        if (expected.last() != null && expected.last() != last) {
            throw new CaseFailure("expected " + (expected.last() ? "the last page" : "more pages") + ", but " + (last ? "it is the last" : "more are to come"));
        }
    }

    private static Rehearsal rehearsal(SystemCase given, Read read) {
        return Rehearsal.at(read, given.ask().page(), given.ask().cursor());
    }

    private static boolean isSame(String expected, String body) {
        try {
            return JSON.readTree(expected).equals(JSON.readTree(body));
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    private static String word(String kind) {
        return kind.toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
