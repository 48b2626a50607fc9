package io.syncline.sandbox;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The rules in force and how often each has been met. */
final class Faults {
    private final List<Armed> armed = new ArrayList<>();

    synchronized void add(List<FaultRule> rules) {
        rules.forEach(rule -> armed.add(new Armed(rule)));
    }

    synchronized void clear() {
        armed.clear();
    }

    synchronized List<FaultRule> rules() {
        return armed.stream().map(each -> each.rule).toList();
    }

    /** What this request is to suffer. */
    synchronized Optional<Fault> next(Request request) {
        Optional<Fault> found = Optional.empty();
        for (Armed each : armed) {
            if (each.rule.fits(request)) {
                each.calls++;
                if (found.isEmpty() && each.rule.strikes(each.calls)) {
                    found = Optional.of(each.rule.fault());
                }
            }
        }
        return found;
    }

    private static final class Armed {
        private final FaultRule rule;
        private int calls;

        Armed(FaultRule rule) {
            this.rule = rule;
        }
    }
}
