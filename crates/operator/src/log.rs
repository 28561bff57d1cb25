//! Which logs are written: read and set while the shop runs, until it is told otherwise or started anew.

use serde_json::{Value, json};

use crate::request::{BodyFields, Filters};
use crate::{Operator, OperatorError, Reply};

/// Where it is, below the prefix.
pub(crate) const PATH: &str = "/log";

impl Operator {
    pub(super) fn log(&self, query: &str) -> Reply {
        Filters::of(query)?.end()?;
        Ok(self.shown_log())
    }

    pub(super) fn set_log(&self, body: &[u8]) -> Reply {
        let mut fields = BodyFields::of(body)?;
        let filter = fields.text("log")?;
        let filter = filter.ok_or_else(|| OperatorError::invalid("log", "log is needed, such as info,engine=debug"))?;
        fields.end()?;
        self.logs.set(&filter).map_err(|why| OperatorError::invalid("log", why))?;
        tracing::info!(log = filter, "an operator set the log level, until the next start or SIGHUP");
        Ok(self.shown_log())
    }

    fn shown_log(&self) -> Value {
        json!({ "log": self.logs.now() })
    }
}
