package io.syncline.sandbox;

import java.util.regex.Pattern;

/**
 * When which fault strikes. Where several rules fit a request, the first one that is not used up does.
 *
 * @param path      the end of the path, e.g. {@code /materials}; {@code *} stands for anything
 * @param method    only this one, e.g. {@code PATCH}; null for any
 * @param page      only this page; 0 for any
 * @param firstCall of the requests that fit, the first one that is struck, from 1
 * @param lastCall  the last one that is struck
 * @param every     of those, each so many-th; 1 for all
 */
public record FaultRule(String path, String method, int page, int firstCall, int lastCall, int every, Fault fault) {
    /** Every request whose path ends so. */
    public static FaultRule on(String path, Fault fault) {
        return new FaultRule(path, null, 0, 1, Integer.MAX_VALUE, 1, fault);
    }

    public FaultRule page(int only) {
        return new FaultRule(path, method, only, firstCall, lastCall, every, fault);
    }

    /** Only this one of the requests that fit, from 1. */
    public FaultRule call(int only) {
        return calls(only, only);
    }

    public FaultRule calls(int first, int last) {
        return new FaultRule(path, method, page, first, last, every, fault);
    }

    public FaultRule method(String only) {
        return new FaultRule(path, only, page, firstCall, lastCall, every, fault);
    }

    public FaultRule every(int count) {
        return new FaultRule(path, method, page, firstCall, lastCall, count, fault);
    }

    boolean fits(Request request) {
        boolean pageFits = page == 0 || request.parameters().getOrDefault("page", "1").equals(Integer.toString(page));
        boolean methodFits = method == null || method.equals(request.method());
        return pageFits && methodFits && Pattern.matches(".*" + Pattern.quote(path).replace("*", "\\E.*\\Q"), request.path());
    }

    boolean strikes(int call) {
        return call >= firstCall && call <= lastCall && (call - firstCall + 1) % every == 0;
    }
}
