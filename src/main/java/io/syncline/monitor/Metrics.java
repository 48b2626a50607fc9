package io.syncline.monitor;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.springframework.stereotype.Component;

/** All figures in the text form that Prometheus reads. */
@Component
public class Metrics {
    /** The media type of that form. */
    public static final String MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final PrometheusMeterRegistry meters;
    private final Figures figures;

    Metrics(PrometheusMeterRegistry meters, Figures figures) {
        this.meters = meters;
        this.figures = figures;
    }

    public String text() {
        figures.refresh();
        return meters.scrape(MEDIA_TYPE);
    }
}
