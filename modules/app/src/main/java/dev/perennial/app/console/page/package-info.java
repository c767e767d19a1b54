/** What the console's pages are made of: templates, assets, words, plots. Knows nothing of HTTP. */
@NullMarked
package dev.perennial.app.console.page;

import org.jspecify.annotations.NullMarked;
