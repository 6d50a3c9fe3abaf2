//! `opensearch.xml`: lets a browser offer the site's search in its address bar
//! (OpenSearch 1.1, <https://github.com/dewitt/opensearch>).

use super::escape::xml;
use crate::base::Url;
use crate::config::Config;
use crate::model::Site;

/// The most characters a short name may have.
const SHORT_NAME: usize = 16;

/// Where the description in a language is; `None` where there is nothing to describe: no search, or no address a browser could ask.
#[must_use]
pub fn url(config: &Config, language: &str) -> Option<Url> {
    let found = config.build_search_index && !config.base_url.is_empty();
    let folder = if language == config.default_language {
        String::new()
    } else {
        format!("/{language}")
    };
    found.then(|| Url::new(&format!("{folder}/opensearch.xml")))
}

/// The description in a language.
#[must_use]
pub fn write(site: &Site, language: &str, own: &Url) -> String {
    let config = &site.config;
    let title = config.title_in(language);
    let name: String = title.chars().take(SHORT_NAME).collect();
    let about = match config.description_in(language) {
        "" => title,
        about => about,
    };
    let permalink = |url: &Url| xml(&config.permalink(url));
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <OpenSearchDescription xmlns=\"http://a9.com/-/spec/opensearch/1.1/\">\n\
         <ShortName>{}</ShortName>\n<Description>{}</Description>\n\
         <InputEncoding>UTF-8</InputEncoding>\n<Language>{}</Language>\n\
         <Url type=\"text/html\" template=\"{}?q={{searchTerms}}\"/>\n\
         <Url type=\"application/opensearchdescription+xml\" rel=\"self\" template=\"{}\"/>\n\
         </OpenSearchDescription>\n",
        xml(&name),
        xml(about),
        xml(language),
        permalink(&site.routes.search_in(language)),
        permalink(own),
    )
}
