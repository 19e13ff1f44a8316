"""Systems: what carries out orders, one for each verb."""
