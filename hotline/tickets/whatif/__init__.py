"""What if (试算): past tickets under other targets, hours and rules. Nothing is written to them."""
