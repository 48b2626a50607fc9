package io.syncline.routes;

import org.junit.jupiter.api.ClassDescriptor;
import org.junit.jupiter.api.ClassOrderer;
import org.junit.jupiter.api.ClassOrdererContext;

import java.util.Comparator;
import java.util.Set;
import java.util.stream.Collectors;

/** Has {@link RouteCoverageTest} run after all other tests and tells it which those were; the others stay in their order. */
public final class CoverageLast implements ClassOrderer {
    private static volatile Set<String> running = Set.of();

    /** The simple names of all test classes of this launch. */
    static Set<String> running() {
        return running;
    }

    @Override
    public void orderClasses(ClassOrdererContext context) {
        if (context.getClassDescriptors().stream().anyMatch(CoverageLast::isLast)) {
            running = context.getClassDescriptors().stream().map(each -> each.getTestClass().getSimpleName()).collect(Collectors.toSet());
            context.getClassDescriptors().sort(Comparator.comparing(CoverageLast::isLast));
        }
    }

    private static boolean isLast(ClassDescriptor each) {
        return each.getTestClass() == RouteCoverageTest.class;
    }
}
