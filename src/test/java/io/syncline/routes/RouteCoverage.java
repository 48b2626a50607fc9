package io.syncline.routes;

import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Notes which steps of the route files any test has crossed, in this JVM and in the others of the same build. Every Spring context of a test has it, because
 * it is an auto-configuration of the tests; a context made by hand adds {@link #interceptor()}. A step is known by file and line, so that all routes made
 * from a template count together.
 */
@AutoConfiguration
public class RouteCoverage {
    private static final Set<Step> KNOWN = ConcurrentHashMap.newKeySet();
    private static final Set<Step> CROSSED = ConcurrentHashMap.newKeySet();

    /**
     * Equal by place and kind, because a step without an id of its own has another one in every context.
     *
     * @param kind {@code to}, {@code choice}, …
     */
    record Step(String file, int line, String kind, String id) implements Comparable<Step> {
        private static final String BETWEEN = "\t";

        static Step of(String noted) {
            String[] parts = noted.split(BETWEEN);
            return new Step(parts[0], Integer.parseInt(parts[1]), parts[2], parts[3]);
        }

        String noted() {
            return String.join(BETWEEN, file, Integer.toString(line), kind, id);
        }

        boolean isIn(Path other) {
            return file.equals(other.getFileName().toString());
        }

        @Override
        public int compareTo(Step other) {
            return Comparator.comparing(Step::file).thenComparing(Step::line).thenComparing(Step::kind).compare(this, other);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Step step && step.file.equals(file) && step.line == line && step.kind.equals(kind);
        }

        @Override
        public int hashCode() {
            return Objects.hash(file, line, kind);
        }

        @Override
        public String toString() {
            return file + ":" + line + " " + id;
        }
    }

    /** What is known of steps: of this JVM so far, or of all that left notes. */
    record Seen(Set<Step> known, Set<Step> crossed) {
        static Seen here() {
            return new Seen(Set.copyOf(KNOWN), Set.copyOf(CROSSED));
        }

        static Seen in(CoverageNotes notes) {
            return new Seen(steps(notes, CoverageNotes.Kind.KNOWN), steps(notes, CoverageNotes.Kind.CROSSED));
        }

        private static Set<Step> steps(CoverageNotes notes, CoverageNotes.Kind kind) {
            return notes.all(kind).stream().map(Step::of).collect(Collectors.toSet());
        }

        /** The steps of a file's routes that some context had, but no message ever crossed. */
        Set<Step> neverCrossed(Path file) {
            Set<Step> missing = new TreeSet<>(known);
            missing.removeIf(step -> !step.isIn(file) || crossed.contains(step));
            return missing;
        }

        /** Some context had routes from this file. */
        boolean wasStarted(Path file) {
            return known.stream().anyMatch(step -> step.isIn(file));
        }
    }

    @Bean
    static InterceptStrategy routeCoverageInterceptor() {
        return interceptor();
    }

    public static InterceptStrategy interceptor() {
        return RouteCoverage::watched;
    }

    private static Processor watched(CamelContext context, NamedNode node, Processor target, Processor next) {
        if (node.getLocation() == null || node.getLineNumber() < 0) {
            return target;
        }
        String location = node.getLocation();
        Step step = new Step(location.substring(location.lastIndexOf('/') + 1).replaceFirst("^[a-z]+:", ""), node.getLineNumber(), node.getShortName(),
                node.getId());
        note(KNOWN, CoverageNotes.Kind.KNOWN, step);
        return new DelegateAsyncProcessor(target) {
            @Override
            public boolean process(Exchange exchange, AsyncCallback callback) {
                note(CROSSED, CoverageNotes.Kind.CROSSED, step);
                return super.process(exchange, callback);
            }
        };
    }

    private static void note(Set<Step> steps, CoverageNotes.Kind kind, Step step) {
        if (steps.add(step)) {
            CoverageNotes.leave(kind, step.noted());
        }
    }
}
