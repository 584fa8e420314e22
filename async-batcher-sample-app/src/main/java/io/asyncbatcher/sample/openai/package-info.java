/** Embeddings from OpenAI: many texts a request, within its limits of inputs, of tokens and of requests. */
@NullMarked
package io.asyncbatcher.sample.openai;

import org.jspecify.annotations.NullMarked;
