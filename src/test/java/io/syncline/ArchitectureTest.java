package io.syncline;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Configuration;
import org.springframework.stereotype.Component;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

/** Packages do not know each other's order; only {@code routes/} does. */
@AnalyzeClasses(packages = "io.syncline", importOptions = ArchitectureTest.OnlyTheProduct.class)
class ArchitectureTest {
    private static final String ROOT = "io.syncline";
    private static final Path SOURCES = Path.of("src/main/java/io/syncline");

    /** What each package may import of ours. A new package says here what it builds on; {@code ""} are the few classes at the top. */
    private static final Map<String, Set<String>> MAY_IMPORT = Map.ofEntries(
            entry("record", Set.of()),
            entry("change", Set.of("record")),
            entry("config", Set.of("record", "change")),
            entry("access", Set.of("config")),
            entry("logs", Set.of("config")),
            entry("parquet", Set.of()),
            entry("export", Set.of("record", "parquet")),
            entry("source", Set.of("record", "config", "logs", "parquet")),
            entry("store", Set.of("record", "change", "config", "logs")),
            entry("run", Set.of("record", "change", "config", "store", "logs")),
            entry("preview", Set.of("record", "change", "config", "store", "run")),
            entry("deliver", Set.of("activity", "record", "config", "source", "store", "run")),
            entry("schedule", Set.of("run", "config")),
            entry("webhook", Set.of("activity", "config", "run")),
            entry("audit", Set.of("config", "source", "store")),
            entry("monitor", Set.of("audit", "config", "store", "run", "schedule")),
            entry("activity", Set.of()),
            entry("attention", Set.of("activity", "config", "store", "run")),
            entry("inspect", Set.of("activity", "record", "change", "config", "store")),
            entry("conflict", Set.of("record", "config", "store", "inspect")),
            entry("imports", Set.of("record", "config", "source", "store")),
            entry("check", Set.of("record", "change", "config", "source")),
            entry("api", Set.of("access", "record", "change", "config", "source", "store", "run", "preview", "schedule", "monitor", "check", "activity",
                    "attention", "audit", "deliver", "imports", "inspect", "conflict", "logs", "export", "webhook")),
            entry("cli", Set.of("access", "audit", "config", "store", "check")),
            entry("sandbox", Set.of()),
            entry("", Set.of("access", "record", "change", "config", "source", "store", "run", "preview", "schedule", "monitor", "check", "activity",
                    "attention", "audit", "deliver", "imports", "inspect", "conflict", "logs", "webhook", "api", "sandbox", "cli")));

    /** Named in a setting or by a driver, where no import shows it. */
    private static final Set<String> REACHED_BY_NAME = Set.of("io.syncline.api.ProblemValve", "io.syncline.source.OutboundClient",
            "io.syncline.source.GuardedSockets", "io.syncline.sandbox.DemoSandbox",
            "io.syncline.logs.JsonLine", "io.syncline.logs.LogForm");

    private static final Set<String> SAY_NOTHING = Set.of("util", "utils", "common", "commons", "helper", "helpers", "service", "services", "model", "models",
            "dto", "dtos", "manager", "managers", "impl", "core", "misc");

    /** Known by its source, because tools do not agree on where compiled tests lie. */
    static final class OnlyTheProduct implements ImportOption {
        @Override
        public boolean includes(Location location) {
            String name = location.asURI().toString();
            int from = name.lastIndexOf("io/syncline/");
            return from >= 0 && !Files.exists(Path.of("src/test/java", name.substring(from).replaceFirst("(\\$.*)?\\.class$", ".java")));
        }
    }

    @ArchTest
    static final ArchRule packagesImportWhatTheTableAllows = classes().should(new ArchCondition<>("import only what the table allows") {
        @Override
        public void check(JavaClass type, ConditionEvents events) {
            Set<String> allowed = MAY_IMPORT.getOrDefault(packageOf(type), Set.of());
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                String target = packageOf(dependency.getTargetClass());
                if (target != null && !target.equals(packageOf(type)) && !allowed.contains(target)) {
                    events.add(SimpleConditionEvent.violated(type, "%s must not import %s: %s".formatted(packageOf(type), target,
                            dependency.getDescription())));
                }
            }
        }
    });

    @ArchTest
    static final ArchRule thereAreNoCycles = slices().matching("io.syncline.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule recordAndChangeKnowNeitherCamelNorSpring = noClasses().that().resideInAnyPackage("io.syncline.record..", "io.syncline.change..")
            .should().dependOnClassesThat().resideInAnyPackage("org.apache.camel..", "org.springframework..", "java.sql..", "javax.sql..", "org.postgresql..");

    @ArchTest
    static final ArchRule decidingKnowsNoClock = noClasses().that().resideInAnyPackage("io.syncline.record..", "io.syncline.change..")
            .should().callMethodWhere(describedAs("asking what time it is", call -> call.getTarget().getName()
            .matches("now|currentTimeMillis|nanoTime|systemUTC|systemDefaultZone")));

    @ArchTest
    static void everyPackageIsInTheTable(JavaClasses all) {
        assertThat(all.stream().map(ArchitectureTest::packageOf).distinct()).allSatisfy(name ->
                assertThat(MAY_IMPORT).as("package %s: write into the table what it may import", name).containsKey(name));
    }

    @ArchTest
    static void packagesHaveNamesThatSayWhatTheyAreFor(JavaClasses all) {
        assertThat(all.stream().flatMap(type -> Arrays.stream(type.getPackageName().split("\\."))).distinct()).doesNotContainAnyElementsOf(SAY_NOTHING);
    }

    @ArchTest
    static void everyPackageSaysWhatItIsFor(JavaClasses all) throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            List<Path> packages = files.filter(file -> file.toString().endsWith(".java") && !file.getParent().equals(SOURCES)).map(Path::getParent).distinct()
                    .toList();
            for (Path each : packages) {
                assertThat(each.resolve("package-info.java")).exists().content().startsWith("/**").containsPattern("\\w+\\.");
            }
        }
    }

    /** An exception may be thrown across packages without anybody naming it; a bean may be called from {@code routes/}. */
    @ArchTest
    static void whatNoOtherPackageUsesIsPackagePrivate(JavaClasses all) {
        List<JavaClass> doors = all.stream().filter(type -> type.isTopLevelClass() && type.getModifiers().contains(JavaModifier.PUBLIC)).toList();
        assertThat(doors.stream().filter(type -> !isUsedElsewhere(type) && !isExposed(type) && !type.isAssignableTo(Throwable.class) && !isBean(type)
                        && !REACHED_BY_NAME.contains(type.getName()))
                .map(JavaClass::getName)).as("public, but of no use to any other package").isEmpty();
    }

    private static boolean isUsedElsewhere(JavaClass type) {
        return Stream.concat(Stream.of(type), type.getAllSubclasses().stream()).flatMap(any -> any.getDirectDependenciesToSelf().stream())
                .anyMatch(use -> !use.getOriginClass().getPackageName().equals(type.getPackageName()));
    }

    /** It stands in the signature of something public beside it. */
    private static boolean isExposed(JavaClass type) {
        return type.getDirectDependenciesToSelf().stream().map(Dependency::getOriginClass)
                .anyMatch(user -> !user.equals(type) && user.getModifiers().contains(JavaModifier.PUBLIC) && user.getMembers().stream()
                        .filter(member -> member.getModifiers().contains(JavaModifier.PUBLIC) || user.isRecord())
                        .anyMatch(member -> member.getAllInvolvedRawTypes().contains(type)));
    }

    private static boolean isBean(JavaClass type) {
        return type.isMetaAnnotatedWith(Component.class) || type.isAnnotatedWith(Configuration.class) || type.isAnnotatedWith(SpringBootApplication.class)
                || type.getMethods().stream().anyMatch(method -> method.getName().equals("main"));
    }

    /** The name right below the top; empty at the top; null for what is not ours. */
    private static String packageOf(JavaClass type) {
        String name = type.getBaseComponentType().getPackageName();
        if (name.equals(ROOT)) {
            return "";
        }
        return name.startsWith(ROOT + ".") ? name.substring(ROOT.length() + 1).split("\\.")[0] : null;
    }

    private static <T> DescribedPredicate<T> describedAs(String description, Predicate<T> predicate) {
        return DescribedPredicate.describe(description, predicate);
    }
}
