package io.syncline.access;

import org.springframework.context.support.GenericApplicationContext;

import java.util.function.LongSupplier;

/** How often one may ask, as the product's settings say, by a clock that a test moves. */
public final class RatesByHand {
    private RatesByHand() {
    }

    /** @param clock in nanoseconds */
    public static void in(GenericApplicationContext product, LongSupplier clock) {
        product.registerBean("ratesByHand", Rates.class, () -> new Rates(product.getBean(AccessSettings.class).rate(), clock), bean -> bean.setPrimary(true));
    }
}
