//! The page itself: in the OpenMetrics text format, or in the one before it, which more programs read.

use std::fmt;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric, MetricEncoder, NoLabelSet, text};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Registry;

use super::Histogram;

/// Something that has numbers to show.
pub trait Meter: fmt::Debug + Send + Sync + 'static {
    /// Writes them.
    ///
    /// # Errors
    /// If the sheet cannot be written.
    fn show(&self, sheet: &mut Sheet<'_>) -> fmt::Result;
}

/// Labels with their values. Never anything that a customer chooses: each combination is a series that is kept for long.
pub type Labels<'a> = &'a [(&'a str, &'a str)];

/// Everything that has numbers to show.
#[derive(Debug, Default)]
pub struct Meters(Registry);

impl Meters {
    /// Shows `meter`, too.
    pub fn add(&mut self, meter: impl Meter) {
        self.0.register_collector(Box::new(Collected(meter)));
    }

    /// The page as it is now, in the OpenMetrics text format.
    pub fn page(&self) -> String {
        let mut page = String::with_capacity(32 * 1024);
        text::encode(&mut page, &self.0).expect("a string takes every byte");
        page
    }

    /// The page as it is now, in the text format of Prometheus.
    pub fn plain_page(&self) -> String {
        plain(&self.page())
    }
}

/// `page` as the text format of Prometheus has it: a counter is called there as its number is, and nothing tells that the page ends.
fn plain(page: &str) -> String {
    let (mut plain, mut help) = (String::with_capacity(page.len() + 1_024), None);
    for line in page.lines() {
        if let Some(said) = line.strip_prefix("# HELP ") {
            help = said.split_once(' ');
        } else if let Some((name, kind)) = line.strip_prefix("# TYPE ").and_then(|said| said.split_once(' ')) {
            let end = if kind == "counter" { "_total" } else { "" };
            let (_, help) = help.take().unwrap_or_default();
            plain.push_str(&format!("# HELP {name}{end} {help}\n# TYPE {name}{end} {kind}\n"));
        } else if line != "# EOF" {
            plain.push_str(line);
            plain.push('\n');
        }
    }
    plain
}

#[derive(Debug)]
struct Collected<T>(T);

impl<T: Meter> Collector for Collected<T> {
    fn encode(&self, encoder: DescriptorEncoder) -> fmt::Result {
        self.0.show(&mut Sheet(encoder))
    }
}

/// Where a meter writes its numbers. Names without the `_total` of a counter; the help without a full stop.
#[derive(Debug)]
pub struct Sheet<'a>(DescriptorEncoder<'a>);

impl Sheet<'_> {
    /// Numbers that only grow.
    ///
    /// # Errors
    /// If the sheet cannot be written.
    pub fn counters<'l>(
        &mut self,
        name: &str,
        help: &str,
        values: impl IntoIterator<Item = (Labels<'l>, f64)>,
    ) -> fmt::Result {
        let mut metric = self.0.encode_descriptor(name, help, None, MetricType::Counter)?;
        values.into_iter().try_for_each(|(labels, value)| write(&mut metric, labels, &ConstCounter::new(value)))
    }

    /// A number that only grows.
    ///
    /// # Errors
    /// If the sheet cannot be written.
    pub fn counter(&mut self, name: &str, help: &str, value: f64) -> fmt::Result {
        ConstCounter::new(value).encode(self.0.encode_descriptor(name, help, None, MetricType::Counter)?)
    }

    /// Numbers that go up and down.
    ///
    /// # Errors
    /// If the sheet cannot be written.
    pub fn gauges<'l>(
        &mut self,
        name: &str,
        help: &str,
        values: impl IntoIterator<Item = (Labels<'l>, f64)>,
    ) -> fmt::Result {
        let mut metric = self.0.encode_descriptor(name, help, None, MetricType::Gauge)?;
        values.into_iter().try_for_each(|(labels, value)| write(&mut metric, labels, &ConstGauge::new(value)))
    }

    /// A number that goes up and down.
    ///
    /// # Errors
    /// If the sheet cannot be written.
    pub fn gauge(&mut self, name: &str, help: &str, value: f64) -> fmt::Result {
        ConstGauge::new(value).encode(self.0.encode_descriptor(name, help, None, MetricType::Gauge)?)
    }

    /// How values are distributed.
    ///
    /// # Errors
    /// If the sheet cannot be written.
    pub fn histograms<'h, 'l>(
        &mut self,
        name: &str,
        help: &str,
        values: impl IntoIterator<Item = (Labels<'l>, &'h Histogram)>,
    ) -> fmt::Result {
        let mut metric = self.0.encode_descriptor(name, help, None, MetricType::Histogram)?;
        values.into_iter().try_for_each(|(labels, histogram)| write(&mut metric, labels, histogram))
    }

    /// How values are distributed, without labels.
    ///
    /// # Errors
    /// If the sheet cannot be written.
    pub fn histogram(&mut self, name: &str, help: &str, histogram: &Histogram) -> fmt::Result {
        histogram.encode(self.0.encode_descriptor(name, help, None, MetricType::Histogram)?)
    }
}

impl EncodeMetric for Histogram {
    fn encode(&self, mut encoder: MetricEncoder) -> fmt::Result {
        let counted = self.counted();
        encoder.encode_histogram::<NoLabelSet>(counted.sum, counted.count, &counted.buckets, None)
    }

    fn metric_type(&self) -> MetricType {
        MetricType::Histogram
    }
}

fn write(metric: &mut MetricEncoder<'_>, labels: Labels<'_>, value: &impl EncodeMetric) -> fmt::Result {
    value.encode(metric.encode_family(&labels)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct RowCache(Histogram);

    impl Meter for RowCache {
        fn show(&self, sheet: &mut Sheet<'_>) -> fmt::Result {
            sheet.counter("shelf_sold", "Sold", 3.0)?;
            sheet.gauges("shelf_left", "Left", [(&[("thing", "cup")][..], 1.0), (&[("thing", "hat")][..], 2.5)])?;
            sheet.histograms("shelf_wait_seconds", "Waited", [(&[("thing", "cup")][..], &self.0)])
        }
    }

    #[test]
    fn a_page_says_what_each_number_is_and_ends() {
        let histogram = Histogram::new(&[0.5]);
        histogram.observe(0.25);
        histogram.observe(2.0);
        let mut meters = Meters::default();
        meters.add(RowCache(histogram));
        assert_eq!(
            meters.page(),
            "# HELP shelf_sold Sold\n# TYPE shelf_sold counter\nshelf_sold_total 3.0\n\
             # HELP shelf_left Left\n# TYPE shelf_left gauge\nshelf_left{thing=\"cup\"} 1.0\nshelf_left{thing=\"hat\"} 2.5\n\
             # HELP shelf_wait_seconds Waited\n# TYPE shelf_wait_seconds histogram\n\
             shelf_wait_seconds_sum{thing=\"cup\"} 2.25\nshelf_wait_seconds_count{thing=\"cup\"} 2\n\
             shelf_wait_seconds_bucket{le=\"0.5\",thing=\"cup\"} 1\nshelf_wait_seconds_bucket{le=\"+Inf\",thing=\"cup\"} 2\n\
             # EOF\n"
        );
        assert_eq!(
            meters.plain_page().lines().take(5).collect::<Vec<_>>(),
            [
                "# HELP shelf_sold_total Sold",
                "# TYPE shelf_sold_total counter",
                "shelf_sold_total 3.0",
                "# HELP shelf_left Left",
                "# TYPE shelf_left gauge"
            ]
        );
        assert!(meters.plain_page().ends_with("shelf_wait_seconds_bucket{le=\"+Inf\",thing=\"cup\"} 2\n"));
    }
}
