package io.syncline.check;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.syncline.config.CaseReader;
import io.syncline.config.Cases;
import io.syncline.config.Configuration;
import io.syncline.config.ConfigurationReader;
import io.syncline.config.EntityConfig;
import io.syncline.config.SourceConfig;
import io.syncline.config.PushCase;
import io.syncline.config.SyncCase;
import io.syncline.config.SyncConfig;
import io.syncline.config.SystemCase;
import io.syncline.config.SystemConfig;
import io.syncline.record.Field;
import io.syncline.record.FieldType;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

/** The conformance suite that every file under {@code config/} gets just by existing. */
class EveryConfigFileTest {
    private static final Path CONFIG = Path.of("config");

    private final Configuration configuration = ConfigurationReader.withoutSettings().read(CONFIG);
    private final Cases cases = CaseReader.read(CONFIG, configuration);

    @TestFactory
    List<DynamicTest> everyCaseShowsWhatItSays() {
        List<DynamicTest> tests = new ArrayList<>();
        for (SystemCase given : cases.ofSystems()) {
            tests.add(dynamicTest(given.system() + ": " + given.name(), () -> new SystemCases(configuration, given.system()).run(given)));
        }
        for (SyncCase given : cases.ofSyncs()) {
            tests.add(dynamicTest(given.sync() + ": " + given.name(), () -> casesOf(configuration.syncs().get(given.sync()), given.entity()).run(given)));
        }
        for (PushCase given : cases.pushes()) {
            tests.add(dynamicTest(given.sync() + ": " + given.name(), () -> new PushCases(configuration, given).run(given)));
        }
        return tests;
    }

    @TestFactory
    List<DynamicTest> everyEntityThatIsWrittenHasACaseOfAPush() {
        return configuration.syncs().values().stream().flatMap(sync -> sync.entities().stream().filter(entity -> entity.writes() != null)
                .map(entity -> dynamicTest(sync.name() + "." + entity.name(), () -> assertThat(cases.pushes())
                        .anyMatch(given -> given.sync().equals(sync.name()) && given.entity().equals(entity.name()))))).toList();
    }

    @TestFactory
    List<DynamicTest> everyResourceThatIsAskedForOverHttpHasACase() {
        List<DynamicTest> tests = new ArrayList<>();
        for (SystemConfig system : configuration.systems().values()) {
            if (system.source() instanceof SourceConfig.Web web) {
                web.resources().keySet().forEach(resource -> tests.add(dynamicTest(system.name() + "." + resource, () ->
                        assertThat(cases.ofSystems()).anyMatch(given -> given.system().equals(system.name()) && given.resource().equals(resource)))));
            }
        }
        return tests;
    }

    @TestFactory
    List<DynamicTest> everyEntityHasACase() {
        return eachEntity((sync, entity) -> assertThat(cases.ofSyncs())
                .anyMatch(given -> given.sync().equals(sync.name()) && given.entity().equals(entity.name())));
    }

    @TestFactory
    List<DynamicTest> theSameRecordASecondTimeChangesNothing() {
        return eachEntity((sync, entity) -> {
            shows(sync, entity, given(null, "{}", "create"));
            shows(sync, entity, given("{}", "{}", "unchanged"));
        });
    }

    @TestFactory
    List<DynamicTest> aMissingRequiredFieldIsRejected() {
        return eachField(null, field -> field.required(),
                (sync, entity, field) -> shows(sync, entity, given("{}", record(field, "\"(missing)\""), "rejected")));
    }

    @TestFactory
    List<DynamicTest> neighbouringWholeNumbersBeyondDoublesStayApart() {
        return eachField(FieldType.INTEGER, field -> true,
                (sync, entity, field) -> shows(sync, entity, given(record(field, "9007199254740993"), record(field, "9007199254740992"), "update")));
    }

    @TestFactory
    List<DynamicTest> needlessDigitsOfADecimalAreNoChange() {
        return eachField(FieldType.DECIMAL, field -> true, (sync, entity, field) -> {
            shows(sync, entity, given(record(field, "4.50"), record(field, "4.5"), "unchanged"));
            shows(sync, entity, given(record(field, "100"), record(field, "1e2"), "unchanged"));
            shows(sync, entity, given(record(field, "0.1"), record(field, "0.10000000000000001"), "update"));
        });
    }

    private interface EntityCheck {
        void check(SyncConfig sync, EntityConfig entity) throws CaseFailure;
    }

    private interface FieldCheck {
        void check(SyncConfig sync, EntityConfig entity, Field field) throws CaseFailure;
    }

    private List<DynamicTest> eachEntity(EntityCheck check) {
        List<DynamicTest> tests = new ArrayList<>();
        for (SyncConfig sync : configuration.syncs().values()) {
            for (EntityConfig entity : sync.entities()) {
                tests.add(dynamicTest(sync.name() + "." + entity.name(), () -> check.check(sync, entity)));
            }
        }
        return tests;
    }

    /** A field that is read from where the key or the deletion marker stands cannot be varied by itself. */
    private List<DynamicTest> eachField(FieldType type, Predicate<Field> which, FieldCheck check) {
        List<DynamicTest> tests = new ArrayList<>();
        for (SyncConfig sync : configuration.syncs().values()) {
            for (EntityConfig entity : sync.entities()) {
                for (Field field : entity.shape().fields()) {
                    boolean alone = !entity.mapping().key().contains(field.from())
                            && (entity.mapping().deletion() == null || !entity.mapping().deletion().path().equals(field.from()))
                            && field.from().segments().stream().noneMatch(segment -> segment.matches("[0-9]+"));
                    if (alone && (type == null || field.type() == type) && which.test(field)) {
                        tests.add(dynamicTest(sync.name() + "." + entity.name() + "." + field.name(), () -> check.check(sync, entity, field)));
                    }
                }
            }
        }
        return tests;
    }

    private static void shows(SyncConfig sync, EntityConfig entity, SyncCase given) {
        assertThatCode(() -> casesOf(sync, entity.name()).run(given)).doesNotThrowAnyException();
    }

    private static SyncCases casesOf(SyncConfig sync, String entity) {
        return new SyncCases(sync, sync.entity(entity));
    }

    private static SyncCase given(String stored, String incoming, String change) {
        return new SyncCase("", 1, "", "", "", stored, null, Set.of(), Instant.EPOCH, Set.of(), null, false, null, incoming,
                new SyncCase.Expected(change, null, null, null));
    }

    /** A record that says nothing but one field, as JSON. */
    private static String record(Field field, String json) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        ObjectNode at = root;
        List<String> way = field.from().segments();
        for (String segment : way.subList(0, way.size() - 1)) {
            at = at.putObject(segment);
        }
        at.put(way.get(way.size() - 1), "(value)");
        return root.toString().replace("\"(value)\"", json);
    }
}
