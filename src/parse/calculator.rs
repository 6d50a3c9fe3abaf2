//! What a calculator is given: its name behind the fence, and the table of loan prime rates.
